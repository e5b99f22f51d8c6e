import pytest

from tasks.resolve.pronouns import Focus
from tests.resolve.made_up import make_discourse

NAMES = {"Anna Lind": "PERSON", "Lind": "PERSON", "Peter Roe": "PERSON", "Roe": "PERSON", "Port Office": "ORG"}
NAMES |= {"Kim Ash": "PERSON", "Sam Ott": "PERSON"}
CASES = {
    "gender": ("Anna Lind met Peter Roe. ", "female", "Anna Lind"),
    "subject before object": ("Kim Ash met with Sam Ott. ", "male", "Kim Ash"),
    "nearer sentence": ("Kim Ash came. It rained. Sam Ott came. ", "male", "Sam Ott"),
    "introduced": ("Kim Ash came. It was told to us, Sam Ott, a clerk, said. ", "male", "Sam Ott"),
    "owner": ("Kim Ash left Sam Ott’s house. ", "male", "Kim Ash"),
    "no person": ("The Port Office shut. ", "male", None),
    "other gender only": ("Anna Lind came. ", "male", None),
}


@pytest.mark.parametrize(("text", "gender", "name"), CASES.values(), ids=CASES.keys())
def test_rank_puts_first_who_stands_out(text, gender, name):
    ranked = Focus.of(make_discourse(text, NAMES)).rank(gender, len(text))
    assert (ranked[0][1].name if ranked else None) == name


def test_rank_leaves_out_who_cannot_be_meant():
    text = "Kim Ash met with Sam Ott. "
    discourse = make_discourse(text, NAMES)
    (ash, _) = discourse.clusters
    ranked = Focus.of(discourse).rank("male", len(text), but={ash.local_id})
    assert [cluster.name for _, cluster in ranked] == ["Sam Ott"]


def test_rank_lowers_who_is_named_in_the_words():
    text = "Kim Ash met with Sam Ott. "
    discourse = make_discourse(text, NAMES)
    (ash, _) = discourse.clusters
    ranked = Focus.of(discourse).rank("male", len(text), spoken_of={ash.local_id})
    assert [cluster.name for _, cluster in ranked] == ["Sam Ott", "Kim Ash"]


def test_focus_learns_a_gender_from_a_pronoun_that_can_mean_one_only():
    text = "Kim Ash came. She left. Then Sam Ott came. "
    discourse = make_discourse(text, NAMES)
    ranked = Focus.of(discourse).rank("female", text.index("Then"))
    assert [cluster.name for _, cluster in ranked] == ["Kim Ash"]
    assert Focus.of(discourse).rank("male", len(text))[0][1].name == "Sam Ott"


def test_height_sinks_with_each_sentence_and_paragraph():
    text = "Kim Ash came. It rained. It rained.\n\nIt rained."
    focus = Focus.of(make_discourse(text, NAMES))
    focus.advance(10)
    ash = focus.discourse.clusters[0]
    heights = [focus.height(ash, position) for position in (10, 18, 30, len(text) - 1)]
    assert heights == sorted(set(heights), reverse=True)


def test_note_speaker_raises_who_speaks():
    text = "Kim Ash met with Sam Ott. It rained. "
    focus = Focus.of(make_discourse(text, NAMES))
    _, ott = focus.discourse.clusters
    focus.advance(len(text))
    before = focus.height(ott, len(text))
    focus.note_speaker(ott, len(text), len(text))
    assert focus.height(ott, len(text)) > before
    assert focus.rank("male", len(text))[0][1] is ott


def test_note_speaker_tells_of_who_speaks_behind_the_words():
    text = "Kim Ash is right, Sam Ott said. He left. "
    focus = Focus.of(make_discourse(text, NAMES))
    _, ott = focus.discourse.clusters
    focus.note_speaker(ott, text.index("Sam"), 0)
    assert focus.rank("male", text.index("He"))[0][1] is ott


def test_rank_prefers_the_last_subject_behind_what_is_said():
    text = "Sam Ott met Kim Ash. Kim Ash ate. “Rain,” he said."
    focus = Focus.of(make_discourse(text, NAMES))
    assert focus.rank("male", text.index("he said"))[0][1].name == "Kim Ash"


NEXT = {
    "subject behind": ("Despite his age, Peter Roe swam.", "male", "Peter Roe"),
    "other gender": ("Despite his age, Anna Lind swam.", "male", None),
    "object": ("Despite his age, they spoke to Peter Roe.", "male", None),
    "next paragraph": ("Despite his age.\n\nPeter Roe swam.", "male", None),
}


@pytest.mark.parametrize(("text", "gender", "name"), NEXT.values(), ids=NEXT.keys())
def test_next_named_is_the_first_subject_of_the_paragraph(text, gender, name):
    found = Focus.of(make_discourse(text, NAMES)).next_named(gender, 8)
    assert (found.name if found else None) == name
