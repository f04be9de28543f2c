"""Offline work on networks: measured, quantised, compiled, before a camera loads them."""
