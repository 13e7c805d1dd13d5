"""What is done to a whole sequence before frames are chosen."""
