"""The lines that a document prints, as hashes that recur wherever the line does, and the outlet they count for."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntFlag
from html import unescape
from itertools import islice
from urllib.parse import urlsplit

import numpy as np
from lxml.etree import strip_elements
from lxml.html import HtmlElement
from trafilatura import load_html

from schemas.runs import Document
from tasks.clean.lines import BLOCK, CLOSERS, SENTENCE_MARKS, fold, is_hard_wrapped
from tasks.clean.pages.blocks import read_lines
from tasks.clean.tables import load_table

DIGITS = re.compile(r"\d+")
LETTERS = re.compile(r"[^\W\d_]{2}")
QUOTE_MARKS = frozenset('"“”„«»')
# What opens a quotation or, inside a word, is an apostrophe.
SINGLE_MARKS = ("'", "‘", "’")
BULLETS = "-•*–—·"
# A page of more lines is a list, not an article.
MAXIMUM_LINES = 2000
LONG_LINE_CHARACTERS = 120
HOST_PREFIX = re.compile(r"(?:www\d?|m|mobile|amp|edition)\.")
RECORD_NUMBER = re.compile(r"#L\d+$")
HIDDEN_ELEMENTS = ("script", "style", "noscript", "template", "head", "svg", "iframe", "select", "textarea")


class Shape(IntFlag):
    """What can be seen of a line from outside."""

    NONE = 0
    LONG = 1
    SENTENCE = 2
    MASKED = 4
    # A quotation, a label with a colon, an item of a list: content of the article wherever it stands.
    CONTENT = 8


@dataclass(slots=True)
class PrintedLines:
    """The lines of one document in order: a hash (uint64) and the shape (uint8) of each.

    `outlet` is the key that documents of one outlet share; `is_declared` tells whether a document or its page names
    it, or it is only the file or folder that the document came in.
    """

    document_id: str
    outlet: str
    is_declared: bool
    hashes: np.ndarray
    shapes: np.ndarray


def read_printed_lines(document: Document) -> PrintedLines:
    """The document's lines; those without a word of two letters are left out."""
    tree = load_html(document.raw_text) if document.media_type == "text/html" else None
    outlet, is_declared = name_outlet(document, tree)
    if tree is not None:
        strip_elements(tree, *HIDDEN_ELEMENTS, with_tail=False)
        texts: Iterable[str] = read_lines(tree)
    else:
        texts = _text_lines(document.raw_text)
    found = list(islice(filter(None, map(read_line, texts)), MAXIMUM_LINES))
    hashes = np.fromiter((line_hash for line_hash, _ in found), np.uint64, len(found))
    shapes = np.fromiter((shape for _, shape in found), np.uint8, len(found))
    return PrintedLines(document.document_id, outlet, is_declared, hashes, shapes)


def read_line(text: str) -> tuple[int, Shape] | None:
    """Hash and shape of a line without white space at its edges; None for one that says nothing in words.

    Lines apart in letter case, white space, punctuation or the value of a number only have the same hash.
    """
    limits = load_table("recurring/recurrence.toml")["line"]
    if len(text) > limits["maximum_characters"] or text.count(" ") >= limits["maximum_words"]:
        return hash_text(text[:LONG_LINE_CHARACTERS]), Shape.LONG
    folded = DIGITS.sub("0", fold(text))
    if not LETTERS.search(folded):
        return None
    shape = Shape.MASKED if "0" in folded else Shape.NONE
    if text.rstrip(CLOSERS)[-1:] in SENTENCE_MARKS:
        shape |= Shape.SENTENCE
    if text.endswith(":") or text.startswith(SINGLE_MARKS) or text[0] in BULLETS or not QUOTE_MARKS.isdisjoint(text):
        shape |= Shape.CONTENT
    return hash_text(folded), shape


def hash_text(text: str) -> int:
    """A number of 64 bits, the same in every process."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def _text_lines(text: str) -> Iterator[str]:
    if "&" in text:
        text = unescape(text)
    for piece in BLOCK.findall(text) if is_hard_wrapped(text) else text.splitlines():
        if content := piece.strip():
            yield content


def name_outlet(document: Document, tree: HtmlElement | None = None) -> tuple[str, bool]:
    """Key of the document's outlet, and whether something declares it.

    The outlet that the input declares, else the host of its address, else the host or site name that its page
    declares. Where nothing does, the key is the source: the file of records, or the folder of a file. A source may
    hold several outlets, so that less follows from what recurs in it.
    """
    if document.declared_outlet and (name := fold(document.declared_outlet)):
        return f"outlet:{name}", True
    addresses = [document.declared_url or ""]
    if tree is not None:
        addresses += map(str, tree.xpath('//link[@rel="canonical"]/@href | //meta[@property="og:url"]/@content')[:2])
    for address in addresses:
        if host := _host_of(address):
            return f"host:{host}", True
    names = tree.xpath('//meta[@property="og:site_name"]/@content') if tree is not None else []
    if names and (name := fold(str(names[0]))):
        return f"outlet:{name}", True
    file_name, count = RECORD_NUMBER.subn("", document.source_uri)
    return f"source:{file_name if count else file_name.rpartition('/')[0]}", False


def _host_of(address: str) -> str:
    try:
        host = urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""
    return HOST_PREFIX.sub("", host.lower(), count=1) if "." in host else ""
