"""Rules: conditions that a person can read, true or not at each instant."""
