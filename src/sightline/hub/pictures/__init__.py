"""Pictures that a camera's policy released, on request."""
