"""Lines that recur over the documents of an outlet."""
