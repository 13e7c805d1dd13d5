"""Published formats, one module each."""
