"""Pose estimators: frames to joints."""
