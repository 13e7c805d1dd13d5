"""Published formats to stores: one file a format."""
