"""A mannequin that acts."""
