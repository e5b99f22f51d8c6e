"""Staged tables to a new snapshot, atomically."""
