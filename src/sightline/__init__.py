"""Sightline: an open platform for AI-powered cameras."""

__version__ = "0.1.0"
