import pytest

from tasks.link.contrasts import are_apart, are_opposed, read_statement, settings

EXAMPLES = settings()["examples"]
KINDS = {"opposed": (True, False), "apart": (False, True), "alike": (False, False)}
PAIRS = [(kind, first, second) for kind in KINDS for first, second in EXAMPLES[kind]]


@pytest.mark.parametrize(("kind", "first", "second"), PAIRS)
def test_are_opposed_and_are_apart_judge_the_examples_either_way(kind, first, second):
    for pair in ((first, second), (second, first)):
        assert (are_opposed(*pair), are_apart(*pair)) == KINDS[kind]


def test_are_opposed_and_are_apart_find_nothing_in_equal_texts():
    assert not any(
        are_opposed(text, text) or are_apart(text, text) for _, first, second in PAIRS for text in (first, second)
    )


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("We will not sell the harbour", {"sell", "harbour"}),
        ("We won't sell it, but we rent it", {"sell"}),
        ("A convenient moment for a student", set()),
        ("Only the gulls remain", {"gull", "remain"}),
        ("We will sell the harbour", set()),
        ("We will sell the boats, but we do not know who sells the nets", {"know", "net"}),
        ("We do not sell, we will never sell", {"sell"}),
        ("They refused to sell the nets", {"sell", "net"}),
        ("They failed to sell the nets", {"sell", "net"}),
        ("The failed sale of the nets", set()),
    ],
)
def test_read_statement_takes_what_follows_a_negation(text, denied):
    assert read_statement(text).denied == denied


def test_read_statement_tells_what_is_done_without():
    statement = read_statement("Nothing is decided without the nurses")
    assert (statement.denied, statement.beside) == ({"decide", "nurs"}, {"nurs"})


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("We raise taxes", "We lower taxes", True),
        ("The dam is safe", "The dam is unsafe", True),
        ("We will sail", "We will never sail", True),
        ("We raise taxes", "We raise wages", False),
    ],
)
def test_read_statement_has_one_topic_for_what_is_turned_round(first, second, same):
    assert (read_statement(first).topic == read_statement(second).topic) == same


@pytest.mark.parametrize("name", ["words", "beside", "prefixes"])
def test_negations_stand_once_each(name):
    words = settings()["negations"][name]
    assert sorted(words) == sorted(set(words))


def test_opposites_have_no_word_on_both_sides():
    for pair in settings()["opposites"]:
        first, second = map(set, pair["sides"])
        assert not first & second
