import pytest

from tasks.annotate.mention_extents import set_extents
from tasks.annotate.mention_repairs import Candidate

CASES = {
    "two newspapers": ("Ashby Times and the Kelm Post", "ORG", {"Ashby Times", "Kelm Post"}),
    "two institutes": ("Ashby Institute and Kelm Institution", "ORG", {"Ashby Institute", "Kelm Institution"}),
    "one name": ("Food and Drink Association", "ORG", {"Food and Drink Association"}),
    "what it is for": ("Commission[ on Public Debates met.", "ORG", {"Commission on Public Debates"}),
    "what it is for, with an article": ("Kelm Center[ for the Arts met.", "ORG", {"Kelm Center for the Arts"}),
    "two that it is for": ("Department[ of Health and Rivers.", "ORG", {"Department of Health and Rivers"}),
    "day": ("The Commission[ on Monday met.", "ORG", {"Commission"}),
    "no body": ("Kelm Steel[ of Ashby met.", "ORG", {"Kelm Steel"}),
    "suffix": ("John Lind[ Jr. left.", "PERSON", {"John Lind Jr."}),
    "court case": ("Lind[ v. Roe was long.", "PERSON", set()),
    "court case of a board": ("Board of Rivers[ is bound by Lind v. Roe.", "ORG", {"Board of Rivers"}),
}


@pytest.mark.parametrize(("marked", "label", "names"), CASES.values(), ids=CASES.keys())
def test_set_extents_gives_names_their_whole_length(marked, label, names):
    start = 4 if marked.startswith("The ") else 0
    end = marked.index("[") if "[" in marked else len(marked)
    text = marked.replace("[", "")
    found = set_extents(text, [Candidate(start, end, label)])
    assert {text[item.start : item.end] for item in found} == names


def test_set_extents_leaves_a_person_to_the_person():
    text = "The Committee for Ada Cole met."
    found = set_extents(text, [Candidate(4, 13, "ORG"), Candidate(18, 26, "PERSON")])
    assert [text[item.start : item.end] for item in found] == ["Committee", "Ada Cole"]


def spans_of(text, *names):
    return [Candidate(text.index(name), text.index(name) + len(name), "ORG") for name in names]


TWO = {
    "fields of one body": (
        "The Committee on Trade, Roads and Forests met.",
        ("Committee on Trade", "Roads and Forests"),
        {"Committee on Trade, Roads and Forests"},
    ),
    "a body and a company": ("The Department of Justice and Kelm met.", ("Department of Justice", "Kelm"), None),
    "both in one name": ("Brennick and Tolm met.", ("Brennick and Tolm",), {"Brennick and Tolm"}),
}


@pytest.mark.parametrize(("text", "found", "names"), TWO.values(), ids=TWO.keys())
def test_set_extents_parts_and_joins_organisations(text, found, names):
    candidates = spans_of(text, *found)
    assert {text[item.start : item.end] for item in set_extents(text, candidates)} == (names or set(found))


def test_set_extents_parts_what_stands_alone_elsewhere():
    text = "Brennick and Tolm met. Later Tolm won."
    candidates = [Candidate(0, 17, "ORG"), Candidate(29, 33, "ORG")]
    assert [text[item.start : item.end] for item in set_extents(text, candidates)] == ["Brennick", "Tolm", "Tolm"]
