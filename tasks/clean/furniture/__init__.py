"""Lines of a text that are not its article: what finds them, and the rules they break."""
