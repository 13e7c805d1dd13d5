"""What is drawn on a video's frames."""
