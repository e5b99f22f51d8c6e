"""The tagger: one small encoder that marks who said what, and who is named."""
