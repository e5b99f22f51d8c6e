"""Mentions to speakers within an article, people and organisations across articles."""
