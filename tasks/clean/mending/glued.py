"""Words, sentences and quotations printed without the space between them."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from tasks.clean.edits import Edit
from tasks.clean.mending.forms import (
    ABBREVIATION,
    AMOUNTS,
    CAPITALS,
    COMMA,
    INITIALS,
    NUMBER,
    POINTS,
    STRAIGHT_MARKS,
    has_form,
    read_forms,
)
from tasks.clean.mending.rules import load_mendings, words

AFTER_STOP = re.compile(r"[”’)\]]?\(?[A-Z]")
# Each starts at one character that is rare in a text, so that most of it is passed over quickly.
OPENING = re.compile(r"“(?=\w)(?<=[a-z,.!?;:”].)")
CLOSING = re.compile(r"”(?=[A-Za-z])(?<=[\w,.!?;:].)")
STRAIGHT = re.compile(r"\"(?=[A-Za-z])(?<=[A-Za-z,.!?;:].)")
# "The" or "that" glued to a small word before; the lookbehind leaves these words themselves aside.
GLUED_PAIR = re.compile(r"(?:the(?<=[a-z]the)|that(?<=[a-z]that))\b")
# "U.S.and"
AFTER_INITIALS = re.compile(r"\.(?=[a-z]{2})(?<=\.[A-Z].)")
REFERENCE_END = re.compile(r"&#?\w{2,8};$")
LONGEST_REFERENCE = 12
YEAR = re.compile(r"(?:19|20)[0-9]{2}")
# What stands around a word that is part of an address, a tag or a name of software.
ADDRESS_MARKS = frozenset("@#/\\&=_~%+.:$<>{}|*^")
CLOSERS = "”’)]"
SHORTEST_NAME = 3
LONGEST_NUMBER = 12
# A longer run of letters is no word: to walk it to its end at each of its letters costs the square of its length.
LONGEST_RUN = 60
# The marks of a longer one are not counted.
LONGEST_PARAGRAPH = 5000
RUN = re.compile(r"[^\W\d_]+")
# A lone capital that is a word of its own.
LONE_WORDS = frozenset({"A", "I"})
# To look for a word or two is cheaper than to list all.
MOST_LOOKUPS = 12


class _Reader:
    """One text, with the words it holds; these are gathered when first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.mendings = load_mendings()
        self.asked = 0

    @cached_property
    def words(self) -> frozenset[str]:
        """The runs of letters and digits that stand in the text."""
        return frozenset(re.findall(r"\w+", self.text))

    @cached_property
    def runs(self) -> Counter[str]:
        """How often each run of letters stands in the text."""
        return Counter(RUN.findall(self.text))

    def has(self, word: str) -> bool:
        """Whether the word stands in the text by itself."""
        self.asked += 1
        if self.asked > MOST_LOOKUPS:
            return word in self.words
        index = self.text.find(word)
        while index != -1:
            end = index + len(word)
            if not self.text[index - 1 : index].isalnum() and not self.text[end : end + 1].isalnum():
                return True
            index = self.text.find(word, end)
        return False

    def knows(self, word: str) -> bool:
        """Whether the word stands in the text by itself, as it is or in small letters."""
        return self.has(word) or self.has(word.lower())

    def repeats(self, form: str) -> bool:
        """Whether the run of letters stands in the text more than once."""
        self.asked += 1
        if self.asked > MOST_LOOKUPS:
            return self.runs[form] > 1
        found, index = 0, self.text.find(form)
        while index != -1 and found < 2:
            end = index + len(form)
            found += not self.text[index - 1 : index].isalpha() and not self.text[end : end + 1].isalpha()
            index = self.text.find(form, end)
        return found > 1

    def put_space_before(self, name: str, index: int) -> Edit:
        """The edit that puts a space before the character at `index`."""
        return self.mendings[name].edit(self.text, index, index + 1, " " + self.text[index])

    def put_space_after(self, name: str, index: int) -> Edit:
        """The edit that puts a space after the character at `index`."""
        return self.mendings[name].edit(self.text, index, index + 1, self.text[index] + " ")

    def word_before(self, index: int) -> tuple[int, str]:
        """Where the run of letters that ends at `index` starts, and the run; of a long one the end only."""
        start = index
        lowest = max(0, index - LONGEST_RUN)
        while start > lowest and self.text[start - 1].isalpha():
            start -= 1
        return start, self.text[start:index]

    def word_after(self, index: int) -> tuple[int, str]:
        """Where the run of letters that starts at `index` ends, and the run; of a long one the start only."""
        end = index
        highest = min(len(self.text), index + LONGEST_RUN)
        while end < highest and self.text[end].isalpha():
            end += 1
        return end, self.text[index:end]

    def stands_free(self, start: int, end: int) -> bool:
        """Whether characters [start, end) are no part of an address, a tag or a longer form."""
        before, after = self.text[start - 1 : start], self.text[end : end + 2]
        if before and (before in ADDRESS_MARKS or before.isdigit() or before == "-"):
            return False
        if not after or not (after[0] in ADDRESS_MARKS or after[0].isdigit() or after[0] == "-"):
            return True
        # A stop or colon belongs to the sentence where a word does not go on behind it.
        return after[0] in ".:" and not after[1:].isalnum()


def find_glued(text: str) -> Iterator[Edit]:
    """Edits that put a space where it is missing for certain, and flags where it may be."""
    reader = _Reader(text)
    forms = read_forms(text)
    for form, place in CAPITALS:
        for start in forms.get(form, ()):
            yield from _judge_capital(reader, start + place)
    for start in forms.get(ABBREVIATION, ()):
        yield from _judge_abbreviation(reader, start + 1)
    yield from _find_glued_points(reader, forms)
    for match in OPENING.finditer(text) if "“" in text else ():
        if not _ends_reference(text, match.start()):
            yield reader.put_space_before("glued_quotation", match.start())
    for match in CLOSING.finditer(text) if "”" in text else ():
        yield from _judge_closing(reader, match.start())
    for match in STRAIGHT.finditer(text) if has_form(text, *STRAIGHT_MARKS) else ():
        if not _ends_reference(text, match.start()):
            yield from _judge_straight(reader, match.start())
    yield from _find_glued_numbers(reader, forms)
    yield from _find_glued_amounts(reader, forms)
    yield from _find_glued_initials(reader)


def find_glued_pairs(text: str) -> Iterator[Edit]:
    """Edits that put a space between two small words that are no word together: "ofthe"."""
    reader = _Reader(text)
    for match in GLUED_PAIR.finditer(text):
        _, word = reader.word_before(match.end())
        if word.lower() in words("glued_pairs"):
            yield reader.put_space_before("glued_function_words", match.start())


def _find_glued_points(reader: _Reader, forms: dict[bytes, list[int]]) -> Iterator[Edit]:
    text = reader.text
    for start in forms.get(COMMA, ()):
        if text[start + 1] in ",;":
            yield from _judge_comma(reader, start + 1)
    for form in POINTS:
        for index in (start + 1 for start in forms.get(form, ())):
            if text[index] in ",;" and form == b"a.A":
                yield from _judge_comma(reader, index)
            elif text[index] in ".!?" and AFTER_STOP.match(text, index + 1):
                yield from _judge_stop(reader, index)


def _ends_reference(text: str, index: int) -> bool:
    """Whether a character reference ends at `index`: what stands there may be a space."""
    return text[index - 1] == ";" and REFERENCE_END.search(text, max(0, index - LONGEST_REFERENCE), index) is not None


def _find_glued_numbers(reader: _Reader, forms: dict[bytes, list[int]]) -> Iterator[Edit]:
    text = reader.text
    for number_end in (start + 1 for start in forms.get(NUMBER, ())):
        end, word = reader.word_after(number_end)
        start = number_end
        while start > max(0, number_end - LONGEST_NUMBER) and text[start - 1].isdigit():
            start -= 1
        is_glued = word in words("joining") and (len(word) > 2 or YEAR.fullmatch(text, start, number_end))
        if is_glued and not text[start - 1 : start].isalpha() and reader.stands_free(start, end):
            yield reader.put_space_after("doubtful_number", number_end - 1)


def _find_glued_amounts(reader: _Reader, forms: dict[bytes, list[int]]) -> Iterator[Edit]:
    text = reader.text
    for form in AMOUNTS:
        for index in (start + 1 for start in forms.get(form, ())):
            start, word = reader.word_before(index)
            is_glued = text[index] in "$£€" and len(word) > 1 and word.islower()
            if is_glued and text[start - 1 : start] not in ADDRESS_MARKS:
                yield reader.put_space_before("doubtful_amount", index)


def _find_glued_initials(reader: _Reader) -> Iterator[Edit]:
    text = reader.text
    for match in AFTER_INITIALS.finditer(text) if has_form(text, INITIALS) else ():
        end, word = reader.word_after(match.end())
        start = match.end()
        while start > match.end() - LONGEST_NUMBER and text[start - 1] == "." and text[start - 2 : start - 1].isupper():
            start -= 2
        if word in words("joining") and reader.stands_free(start, end):
            yield reader.put_space_after("doubtful_initials", match.start())


def _judge_capital(reader: _Reader, index: int) -> Iterator[Edit]:
    """'openTheir' at its T: certain if the second word opens sentences, or the text knows both."""
    end, right = reader.word_after(index)
    if reader.text[index - 1].isdigit():
        number = reader.text[max(0, index - LONGEST_NUMBER) : index]
        if _is_opener(right) and not number.rstrip("0123456789")[-1:].isalpha():
            yield reader.put_space_before("glued_capital", index)
        return
    if len(right) < 2 or not right[1:].islower():
        return
    start, left = reader.word_before(index)
    if len(left) < 2 or not left[1:].islower():
        return
    if left.lower() in words("name_starts") or not reader.stands_free(start, end):
        return
    if reader.repeats(left + right):
        return
    name = _weigh_capital(reader, left, right)
    if name:
        yield reader.put_space_before(name, index)


def _weigh_capital(reader: _Reader, left: str, right: str) -> str | None:
    if left.islower():
        is_word = left in words("joining") or (len(left) > SHORTEST_NAME and reader.knows(left))
        if _is_opener(right) and len(left) > 1:
            return "glued_capital"
        if len(right) < SHORTEST_NAME:
            return None
        if is_word and (right in words("weekdays") or reader.knows(right)):
            return "glued_capital"
        return "doubtful_capital" if is_word or (len(left) > SHORTEST_NAME and reader.has(right)) else None
    if _is_opener(right):
        return "glued_capital" if len(left) > SHORTEST_NAME and reader.has(left) else "doubtful_capital"
    is_known = right in words("weekdays") or (reader.has(left) and reader.has(right))
    return "doubtful_capital" if is_known and min(len(left), len(right)) >= SHORTEST_NAME else None


def _is_opener(word: str) -> bool:
    lowered = word.lower()
    return lowered in words("openers") and lowered not in words("weak_openers")


def _judge_abbreviation(reader: _Reader, last: int) -> Iterator[Edit]:
    """'NATOand' and 'PMThe' at their last capital: a small word follows, or one that opens sentences."""
    end = reader.word_after(last)[0]
    start, _ = reader.word_before(last)
    if not reader.text[start : last + 1].isupper() or not reader.text[last + 1 : end].islower():
        return
    if not reader.stands_free(start, end):
        return
    found = reader.text[start:end]
    size = last + 1 - start
    small, named = found[size:], found[size - 1 :]
    if small in words("after_acronym"):
        yield reader.put_space_before("glued_acronym", start + size)
    elif small in words("doubtful_after_acronym"):
        known = reader.has(found[:size])
        yield reader.put_space_before("glued_acronym" if known else "doubtful_acronym", start + size)
    elif size > 2 and _is_opener(named):
        yield reader.put_space_before("glued_acronym", start + size - 1)
    elif size > 2 and len(named) > SHORTEST_NAME and _are_two_names(reader, found[: size - 1], named):
        yield reader.put_space_before("doubtful_acronym", start + size - 1)
    elif size > 1 and len(small) > SHORTEST_NAME and not _is_opener(named) and _is_word_behind(reader, found, small):
        yield reader.put_space_before("doubtful_acronym", start + size)


def _are_two_names(reader: _Reader, left: str, right: str) -> bool:
    return right in words("weekdays") or (reader.has(left) and reader.has(right))


def _is_word_behind(reader: _Reader, found: str, small: str) -> bool:
    """Whether the small word behind an abbreviation is one of its own; a form printed twice is a name."""
    return (small in words("joining") or reader.has(small)) and not reader.repeats(found)


def _judge_stop(reader: _Reader, index: int) -> Iterator[Edit]:
    """'failed.The' at its stop: certain if no name stands before it, or a word that opens sentences behind it."""
    text = reader.text
    last = index + 1 if text[index + 1] in CLOSERS else index
    first = last + 1 if text[last + 1].isalpha() else last + 2
    start, left = reader.word_before(index)
    end, right = reader.word_after(first)
    if len(left) < 2 or not left[1:].islower() or not reader.stands_free(start, end) or text[end : end + 1] == "(":
        return
    opens_sentence = right.lower() in words("openers") or right in LONE_WORDS or text[first - 1] == "("
    if (len(right) < 2 and not opens_sentence) or (len(right) > 1 and not right[1:].islower()):
        return
    if last == index == first - 1 and text[index] == "." and right.lower() in words("address_ends"):
        return
    if left in words("honorifics") and text[index] == "." and len(right) > 1:
        yield reader.put_space_after("glued_honorific", last)
        return
    is_certain = opens_sentence or (left.islower() and len(left) > 2 and len(right) > 2)
    yield reader.put_space_after("glued_sentence" if is_certain else "doubtful_sentence", last)


def _judge_comma(reader: _Reader, index: int) -> Iterator[Edit]:
    """'pier,which' at its comma: certain if a small word that joins clauses follows."""
    start, left = reader.word_before(index)
    end, right = reader.word_after(index + 1)
    around = reader.text[start - 1 : start] + reader.text[end : end + 1]
    if len(left) < 2 or not reader.stands_free(start, end) or not set(around).isdisjoint(",;()[]'\"’"):
        return
    if right in words("joining") or (right[1:].islower() and _is_opener(right)):
        yield reader.put_space_after("glued_comma", index)
    elif reader.text[index] == "," and len(right) > 2 and right[1:].islower():
        yield reader.put_space_after("doubtful_comma", index)


def _judge_closing(reader: _Reader, index: int) -> Iterator[Edit]:
    """A closing mark with a word behind it: certain if a mark before it is still open."""
    text = reader.text
    right = reader.word_after(index + 1)[1]
    if len(right) < SHORTEST_NAME and right.lower() not in words("joining"):
        return
    lowest = max(0, index - LONGEST_PARAGRAPH)
    first = max(text.rfind("\n", lowest, index) + 1, lowest)
    is_open = text.rfind("“", first, index) > text.rfind("”", first, index)
    yield reader.put_space_after("glued_quotation" if is_open else "doubtful_quotation", index)


def _judge_straight(reader: _Reader, index: int) -> Iterator[Edit]:
    """A straight mark between words: how many stand before it in the paragraph tells whether it opens."""
    text = reader.text
    lowest, highest = max(0, index - LONGEST_PARAGRAPH), min(len(text), index + LONGEST_PARAGRAPH)
    first = max(text.rfind("\n", lowest, index) + 1, lowest)
    last = text.find("\n", index, highest)
    last = highest if last == -1 else last
    word_start = max(text.rfind(" ", first, index), first)
    if "=" in text[word_start:index] or text[index - 2 : index - 1].isdigit() or last - first > LONGEST_PARAGRAPH:
        return
    right = reader.word_after(index + 1)[1]
    if text.count('"', first, last) % 2:
        yield reader.put_space_after("doubtful_quotation", index)
    elif text.count('"', first, index) % 2 == 0:
        yield reader.put_space_before("glued_quotation", index)
    elif len(right) >= SHORTEST_NAME or right.lower() in words("joining"):
        yield reader.put_space_after("glued_quotation", index)
