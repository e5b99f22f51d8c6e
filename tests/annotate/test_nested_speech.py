import pytest

from tasks.annotate.attribution import Attribution
from tasks.annotate.nested_speech import find_nested

CASES = {
    "a that-clause": ("“The minister told me that he would come.”", [("The minister", "told", "he would come")]),
    "inner marks": ("“She just told me, ‘Go home,’ and I went.”", [("She", "told", "Go home")]),
    "a noun that begins like a preposition": (
        "They say the insurers had told him that it was safe",
        [("the insurers", "told", "it was safe")],
    ),
    "a name": (
        "He says Mara Lind has always insisted that the dam holds",
        [("Mara Lind", "insisted", "the dam holds")],
    ),
    "after a conjunction": (
        "When Mara Lind says that it rains, it rains",
        [("Mara Lind", "says", "it rains, it rains")],
    ),
    "two": (
        "“I said, ‘Wait,’ and they replied, ‘No.’”",
        [("I", "said", "Wait"), ("they", "replied", "No.")],
    ),
    "nobody speaks": ("“The plan that we have is good, and that says it all.”", []),
    "a thing is called": ("“What he called ‘a miracle’ was luck.”", []),
    "an apostrophe closes nothing": ("“They said ‘tis done, and that’s it.”", []),
    "the clause ends with its sentence": (
        "“The board warned that it may close. We wait.”",
        [("The board", "warned", "it may close")],
    ),
}


@pytest.mark.parametrize(("content", "expected"), CASES.values(), ids=CASES.keys())
def test_find_nested_finds_source_cue_and_content(content, expected):
    text = f"Before it. {content} After it, he said that it rains."
    start = text.index(content)
    outer = Attribution([(start, start + len(content))], None, None, "tagged")
    found = find_nested(text, [outer])
    assert [tuple(text[slice(*part)] for part in (x.speaker, x.cue, x.segments[0])) for x in found] == expected


def test_find_nested_passes_over_a_cue_that_attributes_already():
    text = "They claim the board warned that it may close."
    outer = Attribution([(11, 45)], (5, 10), (0, 4), "tagged")
    known = Attribution([(33, 45)], (21, 27), (11, 20), "tagged")
    assert len(find_nested(text, [outer])) == 1
    assert find_nested(text, [outer, known]) == []


def test_find_nested_leaves_contents_without_end_alone():
    text = "He said that she said that " + "the rain goes on and on " * 400
    assert find_nested(text, [Attribution([(0, len(text))], None, None, "tagged")]) == []
