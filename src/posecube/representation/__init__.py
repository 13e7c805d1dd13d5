"""Coordinates to network input."""
