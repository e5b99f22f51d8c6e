"""Picture galleries and lists of films that stand among the paragraphs: title, description, title, description."""

import re
from collections import Counter

from tasks.clean.draft import Span
from tasks.clean.lines import Line, fold

# The title of a gallery stands once above each of its pictures.
MINIMUM_REPEATS = 3
# A longer paragraph is never taken for where it stands.
MAXIMUM_DESCRIPTION_WORDS = 40
FILM = re.compile(r"(?P<title>.{4,160}?)\s*\|\s*\d{1,2}:\d\d$")
FILM_BUTTONS = re.compile(r"(?:last|previous|prev) (?:video|slide)(?:\s*next (?:video|slide))?", re.IGNORECASE)


def find_galleries(lines: list[Line]) -> list[Span]:
    """Spans of gallery titles and of the picture descriptions between them, and of film lists."""
    return _find_repeated_titles(lines) + _find_films(lines)


def _find_repeated_titles(lines: list[Line]) -> list[Span]:
    texts = [line.text for line in lines if _may_be_title(line)]
    if len(texts) - len(set(texts)) < MINIMUM_REPEATS - 1:
        return []
    titles = {text for text, count in Counter(texts).items() if count >= MINIMUM_REPEATS}
    spans: list[Span] = []
    for index, line in enumerate(lines):
        if line.text in titles:
            spans.append(Span(line.start, line.end, "furniture", "gallery_title"))
        elif 0 < index < len(lines) - 1 and lines[index - 1].text in titles and lines[index + 1].text in titles:
            spans += _description(line)
    return spans


def _may_be_title(line: Line) -> bool:
    return (
        3 <= line.word_count <= 12
        and not line.ends_sentence
        and ":" not in line.text
        # A photographer's credit may stand under each picture.
        and "/" not in line.text
        and line.text[:1].isupper()
        and not line.text.isupper()
    )


def _description(line: Line) -> list[Span]:
    if line.word_count >= MAXIMUM_DESCRIPTION_WORDS:
        return []
    return [Span(line.start, line.end, "caption", "gallery_description")]


def _find_films(lines: list[Line]) -> list[Span]:
    """Titles with a running time, what stands between two of them, and the same titles listed again."""
    films = [index for index, line in enumerate(lines) if "|" in line.text[-8:] and FILM.fullmatch(line.text)]
    if not films:
        return []
    spans = [Span(lines[index].start, lines[index].end, "related", "film_title") for index in films]
    spans += [
        Span(line.start, line.end, "furniture", "film_buttons") for line in lines if FILM_BUTTONS.fullmatch(line.text)
    ]
    titles = " \n ".join(fold(lines[index].text) for index in films)
    for index in films:
        following = index + 1
        if following + 1 < len(lines) and (following + 1 in films or FILM_BUTTONS.fullmatch(lines[following + 1].text)):
            spans += _description(lines[following])
    spans += _repeated_descriptions(lines, spans)
    taken = set(films)
    for index, line in enumerate(lines):
        is_title = not line.is_prose or line.text.endswith("?")
        if index not in taken and line.word_count >= 3 and is_title and fold(line.text) in titles:
            spans.append(Span(line.start, line.end, "related", "film_title"))
    return spans


def _repeated_descriptions(lines: list[Line], spans: list[Span]) -> list[Span]:
    """The descriptions taken, where they stand once more."""
    starts = {span.start for span in spans if span.rule_name == "gallery_description"}
    texts = {line.text for line in lines if line.start in starts}
    return [
        Span(line.start, line.end, "caption", "gallery_description")
        for line in lines
        if line.text in texts and line.start not in starts
    ]
