"""Tracks to answers: sliding windows, smoothing, segments, the record that is written, the annotated video."""
