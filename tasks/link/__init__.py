"""Articles to stories and copies, quotations and figures to groups."""
