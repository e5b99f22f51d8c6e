"""Export: published tables as files of other formats."""
