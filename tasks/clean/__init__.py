"""Documents to articles, removed spans and repairs."""
