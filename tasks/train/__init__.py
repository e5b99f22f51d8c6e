"""Training of the tagger; needs the packages of requirements-train.in."""
