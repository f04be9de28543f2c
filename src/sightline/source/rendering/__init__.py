"""Parts that rendered scenes share: a camera's view, figures, light, and the painter's order."""
