"""One small file a published or measured result."""
