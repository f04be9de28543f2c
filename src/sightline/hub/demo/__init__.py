"""What a hub knows of data that nobody's camera saw: which they are, and how they go again."""
