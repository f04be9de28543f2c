"""What a rendered camera would have seen and said before anybody switched it on."""
