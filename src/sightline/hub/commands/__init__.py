"""What a camera is asked to do once."""
