"""Sources to documents."""
