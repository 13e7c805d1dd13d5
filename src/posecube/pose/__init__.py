"""Frames to skeletons."""
