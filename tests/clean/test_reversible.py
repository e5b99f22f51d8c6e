"""Whatever a document holds, its rows lead back to it."""

from html import escape
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.articles import REMOVAL_CATEGORIES, REPAIR_CATEGORIES
from tasks.clean.edits import rebuild_source_text
from tasks.clean.furniture.rules import load_rules
from tasks.clean.mending.rules import load_mendings
from tests.clean.made_up_documents import PROSE, clean_document, make_document

# Derandomised: a check that fails on one machine fails on all.
settings.register_profile("reversible", derandomize=True, deadline=None, max_examples=120)
PROFILE = settings(settings.get_profile("reversible"), suppress_health_check=list(HealthCheck))

SENTENCES = (
    *PROSE,
    "Ludmila Ørsted of NATO left Zürich on Monday, and nobody in Port Ellery, she said, had asked her to stay on.",
    "The ministry’s spokesman – “a friend of the café” – said the naïve plan would cost £5 million, not €7 million.",
)
FURNITURE = tuple(text for rule in load_rules() for text in rule.matches[:1])
BROKEN = tuple(before for mending in load_mendings().values() for before, _ in mending.mends) + tuple(
    text for mending in load_mendings().values() for text, _, _ in mending.flags
)
SPACES = (
    "\n\n",
    "\n\n",
    "\n\n",
    "\n",
    "\r\n",
    "\n \n\t\n",
    "\u00a0\n",
    "\u2028",
    "\u2003\n\n",
    "\x85",
    "\n\u200b\n",
    " ",
)
MARKUP = ("<p>", "</p>", "<br/>", "<b>", "</b>", "<script>x = '<p>'</script>", "<!-- -->", "<a href='x'>", "<", "&lt;")
SIGNS = (
    "\u200b",
    "\u00ad",
    "\ufeff",
    "\ufffd",
    "\x92",
    "\x00",
    "ﬁ",
    "Ａ",
    "e\u0301",
    "\u202e",
    "Ã",
    "â€",
    "&",
    "&#8217",
    "``",
)
WHOLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def misread(text, encoding, times=1):
    for _ in range(times):
        text = text.encode().decode(encoding, "replace")
    return text


def glue(text, index):
    spaces = [position for position, character in enumerate(text) if character == " "]
    return text[: spaces[index % len(spaces)]] + text[spaces[index % len(spaces)] + 1 :] if spaces else text


DAMAGES = {
    "none": lambda text, index: text,
    "misread": lambda text, index: misread(text, ("cp1252", "latin-1", "cp1250")[index % 3]),
    "misread twice": lambda text, index: misread(text, "latin-1", 2),
    "entities": lambda text, index: "".join(f"&#{ord(c)};" if ord(c) > 127 else c for c in text),
    "escaped twice": lambda text, index: escape(escape(f'"{text}"')),
    "glued": glue,
    "glued thrice": lambda text, index: glue(glue(glue(text, index), index + 3), index + 5),
    "hyphenated": lambda text, index: text[: index + 3] + "-\n" + text[index + 3 :],
    "wrapped": lambda text, index: "\n".join(text[at : at + 60] for at in range(0, len(text), 60)),
    "spaced": lambda text, index: " ".join(text[:index]) + text[index:],
    "doubled marks": lambda text, index: text.replace(",", " ,,").replace(".", ". ."),
    "markup inside": lambda text, index: text[:index] + MARKUP[index % len(MARKUP)] + text[index:],
    "signs inside": lambda text, index: text[:index] + SIGNS[index % len(SIGNS)] + text[index:],
}


@st.composite
def paragraphs(draw):
    kind = draw(st.integers(0, 9))
    if kind < 5:
        damage = DAMAGES[draw(st.sampled_from(sorted(DAMAGES)))]
        return damage(draw(st.sampled_from(SENTENCES)), draw(st.integers(0, 90)))
    if kind < 7:
        return draw(st.sampled_from(FURNITURE))
    if kind < 9:
        return draw(st.sampled_from(BROKEN))
    return draw(WHOLE)


@st.composite
def documents(draw):
    parts = draw(st.lists(paragraphs(), min_size=1, max_size=12))
    gaps = draw(st.lists(st.sampled_from(SPACES), min_size=len(parts), max_size=len(parts)))
    return "".join(part + gap for part, gap in zip(parts, gaps, strict=True))


def apply_rows(source_text, removed_spans, repairs):
    """The source text with all rows applied, and the spans they change."""
    changes = [(row.start_char, row.end_char, row.text, "") for row in removed_spans]
    changes += [(row.start_char, row.end_char, row.before, row.after) for row in repairs if row.is_applied]
    parts, position = [], 0
    for start, end, before, after in sorted(changes):
        assert position <= start < end <= len(source_text), "rows overlap, are empty or leave the text"
        assert source_text[start:end] == before
        parts += (source_text[position:start], after)
        position = end
    return "".join(parts) + source_text[position:]


def check_result(result, source_text):
    article = result.article
    assert rebuild_source_text(article.text, result.removed_spans, result.repairs) == source_text
    assert apply_rows(source_text, result.removed_spans, result.repairs) == article.text
    assert {row.category for row in result.removed_spans} <= set(REMOVAL_CATEGORIES)
    assert {row.category for row in result.repairs} <= set(REPAIR_CATEGORIES)
    touched = sorted((row.start_char, row.end_char) for row in (*result.removed_spans, *result.repairs))
    assert all(end <= start for (_, end), (start, _) in pairwise(touched)), "a flag overlaps another row"
    assert all(source_text[row.start_char : row.end_char] == row.before for row in result.repairs)
    removed = {index for row in result.removed_spans for index in range(row.start_char, row.end_char)}
    replaced = {index for row in result.repairs if row.is_applied for index in range(row.start_char, row.end_char)}
    for caption in result.captions:
        kept = set(range(caption.start_char, caption.end_char)) - removed - replaced
        assert not "".join(source_text[index] for index in kept).strip()


@PROFILE
@given(documents())
def test_clean_document_can_be_undone(source_text):
    result = clean_document(make_document(source_text))
    assert (result.article is None) != (result.refusal is None)
    if result.article:
        check_result(result, source_text)


@settings(PROFILE, max_examples=25)
@given(st.lists(paragraphs(), min_size=3, max_size=8))
def test_clean_document_of_a_page_can_be_undone(parts):
    body = "".join(f"<p>{escape(part)}</p>" for part in (*PROSE, *parts))
    page = f"<html><head><title>A pier is rebuilt</title></head><body><article>{body}</article></body></html>"
    result = clean_document(make_document(page, media_type="text/html"))
    if result.article:
        check_result(result, result.article.extracted_text)


def test_documents_reach_what_they_are_made_for():
    text = "\n\n".join(f"{PROSE[index % 4]} {broken}" for index, broken in enumerate((*BROKEN, "the end")))
    result = clean_document(make_document(text))
    check_result(result, text)
    assert {row.category for row in result.repairs} >= {"entity", "mojibake", "punctuation", "glued", "cut"}
    assert {row.is_applied for row in result.repairs} == {True, False}


@pytest.mark.parametrize("damage", sorted(DAMAGES))
def test_clean_document_undoes_each_damage(damage):
    text = "\n\n".join(DAMAGES[damage](sentence, 17) for sentence in SENTENCES)
    check_result(clean_document(make_document(text)), text)
