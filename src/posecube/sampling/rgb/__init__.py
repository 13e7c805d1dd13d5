"""Video frames that show what the joints beside them show."""
