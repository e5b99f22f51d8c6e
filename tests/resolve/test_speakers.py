import pytest

from tasks.annotate.mentions import find_mentions
from tasks.annotate.quotes import find_quotes
from tasks.resolve.entities_in_article import cluster_mentions
from tasks.resolve.speakers import resolve_speakers

INTRODUCTION = (
    "Anna Torrance, the mayor of Boston, met Peter Holm, head of the dockers' union, on Monday. "
    "Mr Holm and Ms Torrance talked for an hour.\n\n"
)
CASES = {
    "full name": ("“We agree on that,” Anna Torrance said.", "Anna Torrance", "full_name"),
    "surname": ("“We agree on that,” Torrance said.", "Anna Torrance", "surname"),
    "form of address": ("“We agree on that,” Mr Holm said.", "Peter Holm", "surname"),
    "she": ("Torrance was calm. “We agree on that,” she said.", "Anna Torrance", "pronoun"),
    "he": ("Torrance was calm. “We agree on that,” he said.", "Peter Holm", "pronoun"),
    "role": ("“We agree on that,” the mayor said.", "Anna Torrance", "role"),
    "unnamed": ("“We agree on that,” officials said.", None, "unnamed"),
    "spokesman is not the person": ("“We agree on that,” a spokesman for Torrance said.", None, "unnamed"),
    "place": ("Britain said the strike was over.", "Britain", "place"),
}


def speak(nlp, text):
    identifier = "0" * 16
    doc = nlp(text)
    quotes = find_quotes(doc, identifier)
    resolve_speakers(quotes, cluster_mentions(find_mentions(doc, identifier), text, identifier), text)
    return quotes


@pytest.mark.parametrize(("text", "name", "method"), CASES.values(), ids=CASES.keys())
def test_resolve_speakers_finds_the_person(nlp, text, name, method):
    quote = speak(nlp, INTRODUCTION + text)[-1]
    assert (quote.speaker_name, quote.speaker_method) == (name, method)


def test_resolve_speakers_sets_the_title_that_the_article_prints(nlp):
    quote = speak(nlp, INTRODUCTION + "“We agree on that,” Torrance said.")[-1]
    assert quote.speaker_title == "mayor of Boston"


def test_resolve_speakers_flags_unnamed_sources(nlp):
    quote = speak(nlp, "“We agree on that,” officials said.")[-1]
    assert "unnamed_source" in quote.flags.split(",")


def test_resolve_speakers_keeps_two_people_of_one_surname_apart(nlp):
    text = (
        "Anna Holm met Peter Holm in Boston.\n\n“We agree on that,” Ms Holm said.\n\n“So do I, for once,” Mr Holm said."
    )
    assert [quote.speaker_name for quote in speak(nlp, text)] == ["Anna Holm", "Peter Holm"]
