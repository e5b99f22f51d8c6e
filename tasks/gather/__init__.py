"""Batches to tables: what the selected documents became, one file per table."""
