"""Texts made to be slow: what cleaning does grows with their length, and no faster."""

import sys

import pytest

from tasks.clean.mending.glued import MOST_LOOKUPS, find_glued
from tests.clean.made_up_documents import clean_document, make_document

LENGTH = 2500
# A step that looks at all lines for each line, or at all words for each word, makes it four.
MOST_TIMES_THE_WORK = 2.7


def number_in_letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:05d}")


def repeat(unit: str):
    """A text of the unit, where each # is a word of its own."""

    def make(length: int) -> str:
        return "".join(unit.replace("#", number_in_letters(number)) for number in range(length // len(unit)))

    return make


HOSTILE = {
    "glued words": repeat("pier#Harbour "),
    "glued abbreviations": repeat("FBI# "),
    "glued numbers": repeat("2024the # "),
    "cut words": repeat("#- ement "),
    "quotations": repeat("“# the pier will stand, and so will we,” # said.\n"),
    "short quotations": repeat('"# of the pier of the town"\n'),
    "one paragraph": repeat("The pier of the town fell into the sea on Monday, and that was that.\n\n"),
    "sentences": repeat("The # pier of the town fell into the sea on Monday and that was the end of it\n\n"),
    "wrapped lines": repeat("the pier of the town of # fell into the sea and the\n"),
    "short lines": repeat("#\n"),
    "names": repeat("Ada #\n"),
    "captions": repeat("The # on Monday. (Photo by Ada Cole/AP)\n"),
    "signatures": repeat("— Jo (@#) May 3, 2022\n"),
    "notes": repeat("Editor’s note: The #\nof the\n"),
    "list heads": repeat("Read more:\n# of the pier\n"),
    "shortcodes": repeat("[su_button #]"),
    "entities": repeat("&amp;#;"),
    "tags": repeat("<div #>"),
    "open tags": repeat("<script #>"),
    "misread": repeat("#Ã© â€ #Â "),
    "letters": repeat("a"),
    "stops": repeat(". "),
    "brackets": repeat("[x("),
    "straight marks": repeat(' "'),
    "spaces": repeat(" "),
    "line ends": repeat("\n"),
    "digits": repeat("1"),
    "capitals": repeat("A "),
    "addresses": repeat("https://www.example.org/# "),
}


def count_calls(text: str) -> int:
    """How many functions are called, those of C among them, and generators resumed, to clean the text."""
    document = make_document(text)
    count = 0

    def note(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        clean_document(document)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_clean_document_does_twice_the_work_for_twice_the_text(make):
    # What is loaded once is loaded before.
    clean_document(make_document(make(LENGTH)))
    once, twice = count_calls(make(LENGTH)), count_calls(make(2 * LENGTH))
    assert twice <= MOST_TIMES_THE_WORK * once + 500


class CountingText(str):
    """A text that counts how often it is searched from its start."""

    searches = 0

    def find(self, *arguments):
        self.searches += len(arguments) == 1
        return str.find(self, *arguments)


def test_find_glued_searches_the_text_a_few_times_however_many_words_are_glued():
    text = CountingText(repeat("pier#Harbour ")(20_000))
    assert list(find_glued(text)) == []
    assert 0 < text.searches <= MOST_LOOKUPS
