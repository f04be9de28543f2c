"""Conditions over the fleet, and who is told when they are so."""
