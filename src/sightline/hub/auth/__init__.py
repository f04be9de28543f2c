"""People, programs and what they may do."""
