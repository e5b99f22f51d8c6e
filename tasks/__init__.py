"""The stages, one folder each."""
