"""The data contract: one row type per table, and what is derived from it."""

from schemas.articles import Article, Caption, RemovedSpan, Repair
from schemas.attribution import Entity, EntityMention, EntityTitle, Figure, LocalEntity, Quote
from schemas.columns import TABLES, Column, Repeats, Row, Table
from schemas.links import Copy, FigureGroup, QuoteGroup, QuoteVariant, Story
from schemas.runs import Document, Quarantine, Run

PUBLISHED_TABLES: tuple[str, ...] = tuple(name for name, table in TABLES.items() if table.published)
"""Names of the tables a snapshot holds."""

__all__ = [
    "PUBLISHED_TABLES",
    "TABLES",
    "Article",
    "Caption",
    "Column",
    "Copy",
    "Document",
    "Entity",
    "EntityMention",
    "EntityTitle",
    "Figure",
    "FigureGroup",
    "LocalEntity",
    "Quarantine",
    "Quote",
    "QuoteGroup",
    "QuoteVariant",
    "RemovedSpan",
    "Repair",
    "Repeats",
    "Row",
    "Run",
    "Story",
    "Table",
]
