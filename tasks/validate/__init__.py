"""Tables to a verdict and a quarantine."""
