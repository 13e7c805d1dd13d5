"""Input to scores."""
