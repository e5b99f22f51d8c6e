import pytest

from tasks.annotate.quantities import find_counted, find_quantity
from tasks.annotate.ranges import find_numbers
from tasks.annotate.units import find_unit


def quantity_of(text):
    """What the first number of the text is of."""
    number = find_numbers(text)[0]
    return find_quantity(text, number, find_unit(text, number.start, number.end))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("300 striking dockers marched", "striking docker", id="counted"),
        pytest.param("40 of the men left", "man", id="of them"),
        pytest.param("12 or more boats sank", "boat", id="or more"),
        pytest.param("The blast killed 29", "people", id="killed"),
        pytest.param("The toll is 29", "toll", id="toll"),
        pytest.param("eight hours of talks", "talk", id="of talks"),
        pytest.param("a seven-hour meeting", "meeting", id="compound"),
        pytest.param("The meeting lasted 7.5 hours", "meeting", id="subject"),
        pytest.param("The tunnel, 12 km long, costs more", "tunnel", id="long aside"),
        pytest.param("a loan worth $5 million", "loan", id="worth"),
        pytest.param("They spent $5 million on schools", "school", id="spent on"),
        pytest.param("a length of about 6 kilometres", "length", id="of about"),
        pytest.param("They talked for eight hours", "talk", id="lasting"),
        pytest.param("He put the cost at $5 million", "cost", id="put at"),
        pytest.param("Seven hours later they came", "interval", id="later"),
        pytest.param("He got three years in prison", "prison", id="time in prison"),
        pytest.param("She left after 3 years in office", "office", id="time in office"),
        pytest.param("The strike lasted 3 days in Velm", "strike", id="time in a town"),
        pytest.param("$3 million was spent", "spend", id="verb behind"),
        pytest.param("$3 million was allotted for roads", "road", id="spent, passive"),
        pytest.param("a 20kg bag", "bag", id="unit without a space"),
        pytest.param("a 40-strong choir came", "choir", id="strength"),
        pytest.param("thirty-odd boats sank", "boat", id="odd"),
        pytest.param("A wall 40 feet tall rose", "wall", id="noun before a side"),
        pytest.param("Police dug 3 metres deep", "depth", id="verb before a side"),
        pytest.param("It is five metres deep", "depth", id="no noun with a side"),
        pytest.param("12 others were hurt", "people", id="others"),
        pytest.param("12 more were injured", "people", id="more"),
        pytest.param("12 more are wanted", None, id="more of anything"),
        pytest.param("five times", None, id="empty noun"),
        pytest.param("9", None, id="nothing around"),
    ],
)
def test_find_quantity_reads_the_words_around(text, expected):
    assert quantity_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The rate is 6.3 percent, up from 5.9 percent", "rate"),
        ("It paid fines of $30 million, down from $20 million", "fine"),
        ("Up from 3 boats came 5.9 percent", "boat"),
    ],
)
def test_find_quantity_of_an_earlier_value_is_that_of_the_later(text, expected):
    number = find_numbers(text)[-1]
    assert find_quantity(text, number, find_unit(text, number.start, number.end)) == expected


def test_find_counted_takes_the_noun_in_the_plural():
    text = "seven of their old boats"
    assert find_counted(text, find_numbers(text)[0]) == ["old", "boats"]
    assert find_counted("seven left", find_numbers("seven left")[0]) is None
