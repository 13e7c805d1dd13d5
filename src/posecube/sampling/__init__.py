"""Skeletons to samples: frame indices, crops, flips, noise."""
