import re
from random import Random

import pytest

from tasks.clean.mending import cut_words, glued
from tasks.clean.mending.forms import (
    COMMA,
    HYPHENS,
    INITIALS,
    LETTERS_APART,
    SMALL_LINES,
    STRAIGHT_MARKS,
    has_form,
    read_forms,
)

# Without a form a pattern is not asked; the characters are those that tell.
GATES = [
    pytest.param(glued.AFTER_INITIALS, (INITIALS,), "aaéA..", id="initials"),
    pytest.param(glued.STRAIGHT, STRAIGHT_MARKS, 'aA.:”,;é0"', id="straight marks"),
    pytest.param(cut_words.LINE_HYPHEN, HYPHENS, "aaé-- \t\r\n\u00a0", id="hyphens"),
    pytest.param(cut_words.LINE_START, SMALL_LINES, "aA \t\n\u00a0", id="small lines"),
]


def test_read_forms_says_where_each_form_starts():
    assert read_forms("the pier,which fell, was“old")[COMMA] == [7, 23]
    assert read_forms("plain words") == {}


@pytest.mark.parametrize(("pattern", "forms", "characters"), GATES)
def test_has_form_is_true_of_each_text_that_the_pattern_matches(pattern: re.Pattern[str], forms, characters):
    random = Random(7)
    texts = ["".join(random.choices(characters, k=10)) for _ in range(5000)]
    matched = [text for text in texts if pattern.search(text)]
    assert len(matched) > 20
    assert all(has_form(text, *forms) for text in matched)


def test_has_form_is_true_of_letters_set_apart():
    assert cut_words.SPACED.search("a É b C d e F g h")
    assert has_form("a É b C d e F g h", *LETTERS_APART)
