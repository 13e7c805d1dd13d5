"""Outputs of the published code, small enough to lie in the repository."""
