"""What each camera is to be and what it is."""
