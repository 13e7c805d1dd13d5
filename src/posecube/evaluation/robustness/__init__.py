"""How much a model stands: noise, lost joints, other estimators, darkness."""
