"""Broken characters of a text and their repairs."""
