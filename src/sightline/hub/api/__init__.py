"""The hub's face on HTTP: one file a resource, one shape for lists, one for errors."""
