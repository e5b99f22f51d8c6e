import pytest

from tasks.resolve.phrases import read_phrase
from tasks.resolve.title_fit import fit_of_titles, says_of_what
from tests.resolve.made_up import make_discourse

TEXT = "Sen. Ruth Calloway (D-Fla.) spoke. German Foreign Minister Friedrich Altmann did not. Oskar Ness was out."
NAMES = {"Ruth Calloway": "PERSON", "Friedrich Altmann": "PERSON", "Oskar Ness": "PERSON"}


def fit(name: str, phrase: str) -> float:
    discourse = make_discourse(TEXT, NAMES)
    cluster = next(cluster for cluster in discourse.clusters if cluster.name == name)
    return fit_of_titles(cluster, read_phrase(phrase), discourse)


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("the senator", "Ruth Calloway"),
        ("the Florida Democrat", "Ruth Calloway"),
        ("the Florida senator", "Ruth Calloway"),
        ("the German foreign minister", "Friedrich Altmann"),
        ("the minister", "Friedrich Altmann"),
    ],
)
def test_fit_of_titles_is_best_for_who_is_described(phrase, name):
    fits = {other: fit(other, phrase) for other in NAMES if NAMES[other] == "PERSON"}
    assert max(fits, key=fits.get) == name
    assert fits[name] > 0


def test_fit_of_titles_adds_state_to_the_office():
    assert fit("Ruth Calloway", "the Florida senator") > fit("Ruth Calloway", "the senator")


def test_fit_of_titles_is_below_zero_for_another_country():
    assert fit("Friedrich Altmann", "the French diplomat") < 0


@pytest.mark.parametrize(("words", "expected"), [({"band"}, True), ({"german", "deputy"}, False), (set(), False)])
def test_says_of_what_finds_a_noun_before_the_head(words, expected):
    assert says_of_what(words, ["leader"]) is expected


def test_words_near_are_read_once_for_each_person():
    discourse = make_discourse(TEXT, NAMES)
    cluster = next(cluster for cluster in discourse.clusters if cluster.name == "Ruth Calloway")
    fit_of_titles(cluster, read_phrase("the senator"), discourse)
    assert discourse.words_near == {cluster.local_id: frozenset({"democrat", "florida"})}
