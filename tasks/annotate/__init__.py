"""Articles to entity mentions, quotations and figures."""
