"""Answers made of what is stored."""
