"""A model or a configuration brought to many cameras, a few at a time, and back if it is bad."""
