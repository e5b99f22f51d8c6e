"""Headlines, bylines, datelines, dates and languages, read off lines and texts."""
