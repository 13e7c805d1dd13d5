"""Recipes, objectives and the one training loop."""
