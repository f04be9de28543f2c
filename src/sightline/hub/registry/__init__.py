"""Which cameras there are, how they are let in, and how they are asked for."""
