"""The row that a refused input or a refused row leaves behind, made the same way by every stage."""

import hashlib
import re
from datetime import datetime

from schemas import Quarantine

OBSERVED_LENGTH = Quarantine.table.column("observed").max_length or 500

# Control and direction characters: in a terminal or a log they would act instead of being read.
ACTING_CHARACTERS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def shorten(text: str, *, length: int = OBSERVED_LENGTH) -> str:
    """`text` as a table can hold it: at most `length` characters.

    Lone surrogates are replaced, control and direction characters written as escapes.
    """
    text = text[: 2 * length].encode("utf-8", "replace").decode("utf-8")
    text = ACTING_CHARACTERS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return text if len(text) <= length else text[: length - 1] + "…"


def refuse(
    *,
    stage: str,
    check: str,
    observed: str,
    expected: str,
    refused_at: datetime,
    document_id: str | None = None,
    source_uri: str | None = None,
    table_name: str | None = None,
    row_key: str | None = None,
) -> Quarantine:
    """One quarantine row; its id depends on what was refused and at which check, not on when."""
    parts = (stage, check, document_id, source_uri, table_name, row_key)
    fingerprint = hashlib.sha256("\0".join(part or "" for part in parts).encode("utf-8", "replace")).hexdigest()[:16]
    return Quarantine(
        quarantine_id=fingerprint,
        document_id=document_id,
        source_uri=source_uri,
        stage=stage,
        table_name=table_name,
        row_key=row_key,
        check_name=check,
        observed=shorten(observed),
        expected=shorten(expected),
        refused_at=refused_at,
    )
