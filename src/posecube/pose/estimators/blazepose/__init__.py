"""BlazePose, the default estimator."""
