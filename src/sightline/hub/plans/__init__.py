"""Floor plans: what a place is like in metres, and where its cameras are."""
