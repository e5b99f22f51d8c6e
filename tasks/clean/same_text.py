"""What two texts have in common that are the same text: reposted, wrapped or set otherwise."""

import hashlib
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from schemas import Article, Document
from schemas.parquet import write_table

FILE_NAME = "text_hashes.parquet"
# Bytes of ASCII that are neither a letter nor a digit.
NOT_SPOKEN = bytes(code for code in range(128) if not chr(code).isalnum())
SCHEMA = pa.schema([pa.field("document_id", pa.string()), pa.field("text_hash", pa.string())])


def hash_text(text: str) -> str:
    """First 16 hexadecimal digits of the SHA-256 of a text's letters and digits, small letters and in their order."""
    text = unicodedata.normalize("NFKC", text).lower()
    # Bytes of other characters than ASCII's are none of NOT_SPOKEN.
    said = text.encode("utf-8", "surrogatepass").translate(None, NOT_SPOKEN)
    if not said.isascii():
        text = said.decode("utf-8", "surrogatepass")
        said = "".join(filter(str.isalnum, text)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(said).hexdigest()[:16]


def write_hashes(documents: Iterable[Document], articles: Iterable[Article], folder: Path) -> None:
    """Writes hashes of what the documents say as received, and of the articles that they became."""
    texts = [(document.document_id, document.raw_text) for document in documents]
    texts += [(article.document_id, article.text) for article in articles]
    rows = [{"document_id": name, "text_hash": hash_text(text)} for name, text in texts]
    write_table(pa.Table.from_pylist(rows, schema=SCHEMA), folder / FILE_NAME)
