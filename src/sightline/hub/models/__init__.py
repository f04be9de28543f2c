"""Packages that cameras are told to run."""
