"""What left each camera, proven by the camera's own signature."""
