import hashlib
import re
import sys
import unicodedata
from random import Random

import pyarrow.parquet as pq
import pytest

from schemas.articles import Article
from tasks.clean.same_text import FILE_NAME, hash_text, write_hashes
from tests.clean.made_up_documents import clean_document, make_document
from tests.faults.articles import make_article

TEXT = "The ferry sails on Friday, said Inés Calder.\n\n“It will be full,” she added."


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        pytest.param(TEXT.replace(" ", "\n"), True, id="wrapped"),
        pytest.param(TEXT.replace("\n\n", " ").replace("“", '"').replace("”", '"'), True, id="plain quotation marks"),
        pytest.param(TEXT.upper(), True, id="capitals"),
        pytest.param(TEXT.replace("é", "e\u0301"), True, id="accents of their own"),
        pytest.param(TEXT.replace("Friday", "Fri\u00adday\u200b"), True, id="soft hyphens"),
        pytest.param(TEXT + " Nobody came.", False, id="a sentence more"),
        pytest.param(TEXT.replace("Friday", "Monday"), False, id="another word"),
        pytest.param("", False, id="nothing"),
        pytest.param("half \ud83d", False, id="half a character"),
    ],
)
def test_hash_text_heeds_letters_and_digits_alone(other, is_same):
    assert (hash_text(other) == hash_text(TEXT)) is is_same


def test_hash_text_takes_letters_and_digits_of_all_scripts():
    for first in range(0, sys.maxunicode, 4096):
        text = "".join(map(chr, range(first, first + 4096)))
        said = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())
        assert hash_text(text) == hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16], hex(first)


def test_write_hashes_names_the_documents(tmp_path):
    document = make_document(make_article(1, Random(1)))
    article = clean_document(document).article
    assert isinstance(article, Article)
    write_hashes([document], [article], tmp_path)
    hashes = [(row["document_id"], row["text_hash"]) for row in pq.read_table(tmp_path / FILE_NAME).to_pylist()]
    assert hashes == [(document.document_id, hash_text(text)) for text in (document.raw_text, article.text)]
    assert hashes[0] != hashes[1]
