"""New configurations and networks: fetched, tried, switched to, and left again where they fail."""
