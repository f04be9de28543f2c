"""Scenes besides the entrance, one a file: a view, what stands there, and what happens."""
