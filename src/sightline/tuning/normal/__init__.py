"""Learning what is normal from good pictures alone."""
