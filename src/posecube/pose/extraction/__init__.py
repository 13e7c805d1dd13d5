"""Folders of videos to a store."""
