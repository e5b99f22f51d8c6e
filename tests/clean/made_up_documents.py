"""Documents for the tests, with invented places and people."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from schemas.runs import Document
from tasks.clean.article import CleanResult
from tasks.clean.batch import clean_documents

PROSE = (
    "The harbour council of Port Ellery agreed on Tuesday to rebuild the old stone pier before the winter storms.",
    "“We have waited nine years for this,” said Ada Cole, who leads the council, after the vote in the town hall.",
    "Fishermen had warned that the damaged pier could collapse, and two boats were lost there in the spring.",
    "The work will cost 4 million crowns and will be paid by the town and the province together, Cole said.",
)
BODY = "\n\n".join(PROSE)


def make_document(raw_text: str, **fields: Any) -> Document:
    """A document of the text, plain unless `media_type` says otherwise."""
    values: dict[str, Any] = {
        "document_id": hashlib.sha256(raw_text.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        "source_uri": "made_up.txt",
        "media_type": "text/plain",
        "encoding": "utf-8",
        "byte_count": max(1, len(raw_text)),
        "raw_text": raw_text,
        "fetched_at": datetime(2024, 3, 1, tzinfo=UTC),
        "declared_title": None,
        "declared_outlet": None,
        "declared_author": None,
        "declared_url": None,
        "declared_published_at": None,
    }
    return Document(**(values | fields))


def clean_document(document: Document) -> CleanResult:
    """What the pipeline makes of the document; a failure of its rules, which it would refuse, fails the test."""
    (result,) = clean_documents([document])
    assert result.refusal is None or result.refusal.check_name != "cleaning_error", result.refusal.observed
    return result
