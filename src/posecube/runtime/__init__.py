"""Trained models made fast."""
