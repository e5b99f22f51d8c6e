import pytest

from schemas.articles import REPAIR_CATEGORIES
from tasks.clean.edits import apply_edits
from tasks.clean.mending.mendings import find_mendings
from tasks.clean.mending.rules import choose_mendings, load_mendings, words

MENDINGS = list(load_mendings().values())


def edits_of(mending, text):
    return [edit for edit in find_mendings(text) if edit.rule_name == mending.name]


@pytest.mark.parametrize(
    ("mending", "before", "after"),
    [pytest.param(m, *pair, id=f"{m.name}-{n}") for m in MENDINGS for n, pair in enumerate(m.mends)],
)
def test_find_mendings_mends_the_examples(mending, before, after):
    assert apply_edits(before, find_mendings(before)) == after
    # What becomes of nothing would be a removal.
    assert all(edit.replacement for edit in edits_of(mending, before))
    assert edits_of(mending, before)


@pytest.mark.parametrize(
    ("mending", "text", "before", "after"),
    [pytest.param(m, *flag, id=f"{m.name}-{n}") for m in MENDINGS for n, flag in enumerate(m.flags)],
)
def test_find_mendings_flags_the_examples_and_changes_nothing(mending, text, before, after):
    [edit] = edits_of(mending, text)
    assert (text[edit.start : edit.end].split(), edit.proposal) == (before.split(), after)
    assert apply_edits(text, find_mendings(text)) == text


@pytest.mark.parametrize(
    ("mending", "text"),
    [pytest.param(m, text, id=f"{m.name}-{n}") for m in MENDINGS for n, text in enumerate(m.leaves)],
)
def test_find_mendings_leaves_the_examples_alone(mending, text):
    assert edits_of(mending, text) == []


@pytest.mark.parametrize("mending", MENDINGS, ids=lambda mending: mending.name)
def test_load_mendings_are_complete(mending):
    assert mending.category in REPAIR_CATEGORIES
    assert mending.why.endswith(".")
    assert mending.broken.endswith(".")
    assert mending.mends if mending.certain else mending.flags
    assert mending.literals or not mending.pattern


def test_choose_mendings_gives_the_patterns_and_codes_of_which_a_literal_stands_in_the_text():
    patterns, codes = choose_mendings("Fish &amp; chips , and \\ sea \ud83d".encode("utf-8", "surrogatepass"))
    assert {mending.name for mending in patterns} == {"space_before_comma", "space_before_glued_comma"}
    assert codes == {"entities", "escapes", ""}
    assert choose_mendings(b"Plain words.") == ([], frozenset())


@pytest.mark.parametrize("pair", sorted(words("glued_pairs")))
def test_choose_mendings_knows_each_glued_pair(pair):
    assert choose_mendings(f"All {pair} rest".encode())[1] == {"glued pairs"}
