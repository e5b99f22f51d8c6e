"""The truth file of the sample agrees with the sample: what it says a reader finds is there to be found."""

import html
import json
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "data"
SAMPLE = DATA / "sample"
EXPECTED = tomllib.loads((DATA / "gold" / "sample" / "expected.toml").read_text(encoding="utf-8"))
INPUTS = {entry["source"]: entry for entry in EXPECTED["inputs"]}
ARTICLES = [source for source, entry in INPUTS.items() if entry["outcome"] == "article"]
OPENING_MARKS = "\"'“‘"
# Each is a difficulty that the sample is there to hold.
TRAITS = {
    "continued",
    "following",
    "inverted",
    "nested",
    "no_marks",
    "pronoun",
    "reopened",
    "role",
    "single_marks",
    "split",
    "straight_marks",
    "unclosed_mark",
    "unnamed",
}
RESIDUE_FAMILIES = {
    "advertisement",
    "also_read",
    "author_box",
    "byline",
    "caption",
    "caption_credit",
    "comment_form",
    "consent",
    "copyright",
    "date_line",
    "navigation",
    "page_clock",
    "related",
    "share",
    "shortcode",
    "source_link",
    "subscription",
    "title_suffix",
}
DAMAGE_FAMILIES = {
    "carriage_returns",
    "doubled_punctuation",
    "glued_words",
    "stray_capital",
    "translator_artefact",
    "wrong_pronoun",
}


@cache
def read_raw(source: str) -> str:
    """The characters of one input: a file's, or those of the strings of one record."""
    name, _, line_number = source.partition("#L")
    raw = (SAMPLE / name).read_bytes().decode("utf-8")
    if not line_number:
        return raw
    return "\n".join(value for value in json.loads(raw.splitlines()[int(line_number) - 1]).values() if value)


@cache
def read_plain(source: str) -> str:
    """The same without markup, white space made one space."""
    raw = read_raw(source)
    if "</" in raw:
        # Inline tags part no words; all others do.
        raw = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?(?:a|em|strong|span)\b[^>]*>", "", raw)))
    return re.sub(r"\s+", " ", raw)


def list_inputs() -> set[str]:
    """Every input in the sample folder, by the names that the truth file uses."""
    sources = set()
    for path in SAMPLE.iterdir():
        if path.suffix == ".jsonl":
            count = len(path.read_text(encoding="utf-8").splitlines())
            sources |= {f"{path.name}#L{number}" for number in range(1, count + 1)}
        else:
            sources.add(path.name)
    return sources


def test_inputs_are_all_described():
    assert set(INPUTS) == list_inputs()
    assert len(INPUTS) == len(EXPECTED["inputs"])


def test_inputs_come_in_every_format_and_outcome():
    assert {Path(source.partition("#")[0]).suffix for source in ARTICLES} == {".txt", ".html", ".jsonl"}
    outcomes = [entry["outcome"] for entry in INPUTS.values()]
    assert (outcomes.count("article"), outcomes.count("duplicate"), outcomes.count("refused")) == (17, 1, 2)
    assert all(entry["reason"] for entry in INPUTS.values() if entry["outcome"] == "refused")


def test_duplicate_has_the_same_bytes_and_nothing_else_has():
    contents = {path.name: path.read_bytes() for path in SAMPLE.iterdir()}
    twins = {(one, two) for one in contents for two in contents if one < two and contents[one] == contents[two]}
    listed = {(entry["duplicate_of"], source) for source, entry in INPUTS.items() if entry["outcome"] == "duplicate"}
    assert twins == listed


def test_empty_file_is_empty():
    assert (SAMPLE / "17_empty.txt").stat().st_size == 0


def test_stories_hold_every_english_article_once():
    told = [source for story in EXPECTED["stories"] for source in story["sources"]]
    assert sorted(told) == sorted(source for source in ARTICLES if INPUTS[source]["language"] == "en")
    for story in EXPECTED["stories"]:
        assert {INPUTS[source]["story"] for source in story["sources"]} == {story["key"]}
        assert all({copy["source"], copy["of"]} <= set(story["sources"]) for copy in story["copies"])


@pytest.mark.parametrize("source", ARTICLES)
def test_article_fields_stand_in_the_input(source):
    entry = INPUTS[source]
    for field in ("title", "subtitle", "outlet", "byline", "dateline", "section"):
        assert entry.get(field, "") in read_plain(source), field


@pytest.mark.parametrize("source", ARTICLES)
def test_quotes_begin_at_a_quotation_mark_and_name_their_speaker(source):
    plain = read_plain(source)
    for quote in INPUTS[source]["quotes"]:
        marks = "" if "no_marks" in quote.get("traits", ()) else f"[{OPENING_MARKS}]"
        found = re.findall(marks + re.escape(quote["prefix"]), plain)
        assert len(found) == 1, quote["prefix"]
        assert quote["speaker"] in plain
        assert quote["speaker"] or "unnamed" in quote["traits"]
        assert quote["kind"] in ("direct", "mixed")


@pytest.mark.parametrize("source", ARTICLES)
def test_indirect_quotes_stand_in_the_input_once(source):
    for quote in INPUTS[source]["indirect"]:
        assert read_plain(source).count(quote["words"]) == 1, quote["words"]
        assert quote["speaker"] in read_plain(source)


def test_english_articles_list_every_quotation_mark_pair():
    for source in ARTICLES:
        # Curly opening marks open speech, a part of it, or a quotation inside one; nothing else in the sample has them.
        if INPUTS[source]["language"] != "en" or "“" not in read_plain(source):
            continue
        listed = INPUTS[source]["quotes"]
        opened = sum(
            "single_marks" not in q.get("traits", ()) and "no_marks" not in q.get("traits", ()) for q in listed
        )
        inside = sum(q["prefix"].count("“") for q in listed) + (source.startswith("04_"))
        assert read_plain(source).count("“") == opened + inside, source


@pytest.mark.parametrize("source", ARTICLES)
def test_residue_and_damage_stand_in_the_input(source):
    for fault in INPUTS[source]["residue"] + INPUTS[source].get("damage", []):
        assert fault["text"] in read_raw(source) or fault["text"] in read_plain(source), fault


def test_every_family_of_fault_is_present():
    described = [INPUTS[source] for source in ARTICLES]
    assert {fault["family"] for entry in described for fault in entry["residue"]} == RESIDUE_FAMILIES
    assert {fault["family"] for entry in described for fault in entry.get("damage", [])} == DAMAGE_FAMILIES
    assert {trait for entry in described for quote in entry["quotes"] for trait in quote.get("traits", [])} == TRAITS


def test_utterances_are_versions_of_listed_quotes():
    for utterance in EXPECTED["utterances"]:
        for version in utterance["versions"]:
            assert INPUTS[version["source"]]["story"] == utterance["story"]
            speakers = [q["speaker"] for q in INPUTS[version["source"]]["quotes"] if q["prefix"] == version["prefix"]]
            assert speakers == [utterance["speaker"]]
    assert sum(len(utterance["versions"]) >= 3 for utterance in EXPECTED["utterances"]) >= 2


def test_figures_stand_in_the_input_and_disagree_as_stated():
    for figure in EXPECTED["figures"]:
        for version in figure["versions"]:
            assert version["text"] in read_plain(version["source"]), version
            assert INPUTS[version["source"]]["story"] == figure["story"]
        values = [version["value"] for version in figure["versions"]]
        # Eight feet are 2.44 metres: the same rise, rounded.
        assert (max(values) > 1.02 * min(values)) == figure["disagrees"], figure["quantity"]
    assert {figure["disagrees"] for figure in EXPECTED["figures"]} == {True, False}


def test_titles_stand_in_the_input_beside_their_holder():
    for entry in EXPECTED["titles"]:
        for version in entry["versions"]:
            plain = read_plain(version["source"])
            assert version["title"] in plain, version
            assert entry["speaker"] in plain
        printed = {version["title"].casefold() for version in entry["versions"]}
        assert len(printed) > 1
    assert any(entry["conflicts"] for entry in EXPECTED["titles"])
