"""Headlines of other articles that stand as lines of their own among the paragraphs or below them."""

import re
from functools import cache
from itertools import takewhile

from tasks.clean.draft import Span
from tasks.clean.fields.headline import is_outlet_name
from tasks.clean.lines import Line
from tasks.clean.tables import load_table

# Of lines without a full stop between two paragraphs of 1 500 posts, those of 8 to 18 words in sentence case were links
# to other articles in the markup; subheadings are shorter or capitalise their words.
LINK_WORDS = range(8, 19)
# Below "Also read" a shorter one is no subheading.
LINK_WORDS_BELOW_HEAD = range(5, 19)
TAIL_LINK_WORDS = range(4, 19)
MAXIMUM_TAIL_LINKS = 12
OPENERS = "-•*·–—(["
OPEN_ENDS = (":", ",", ";", "—", "–", "-", "…", "...", ")")
# Lists of facts have colons, bars and addresses; headlines ask behind a colon: "After the flood: Why the pier fell".
# So have results and ages: "Ellery 3, Port Venn 1", "Ada Cole, pilot, 61".
DETAIL = re.compile(r"[|@]|:\s(?!(?:Why|How|What|Who|Where|When)\s)|\.\w{2,3}/|//|\b\d+, [^,]{2,40} \d+$|, \d{1,3}$")


# An outlet's name has at most five words.
LONGEST_GLUED = 120
GLUED_NAME = re.compile(r"[a-z\d.!?'’”)](?P<name>[A-Z][\w.&'’]*(?: [A-Z(][\w.&'’)]*){0,4})$")


@cache
def _attribution() -> re.Pattern[str]:
    verbs = "|".join(map(re.escape, load_table("words.toml")["attributing"]))
    hearers = r"(?: (?:the |a )?\w{2,20}){0,2}"
    occasion = r"(?:,? (?:in|on|at|after|during|to|before|when|as|from)\b[^.!?]{0,120})?"
    return re.compile(rf"[A-Z][^.!?]{{1,90}}? (?:told{hearers}|{verbs}){occasion}[.!?]")


@cache
def _leading_on() -> frozenset[str]:
    return frozenset(load_table("words.toml")["leading_on"])


def find_link_lines(lines: list[Line]) -> list[Span]:
    """Spans of headlines between two paragraphs of prose, and of the headlines below the last one.

    Between two paragraphs a headline stands alone, or beside one other line without a full stop.
    """
    spans = []
    for index in range(1, len(lines) - 1):
        line = lines[index]
        before, after = lines[index - 1], lines[index + 1]
        if (
            line.word_count in LINK_WORDS
            and is_headline_like(line)
            and not _capitalises_words(line)
            and (_is_paragraph(before) or (_is_loose(before) and index > 1 and _is_paragraph(lines[index - 2])))
            and (_is_paragraph(after) or (_is_loose(after) and _is_paragraph(lines[min(index + 2, len(lines) - 1)])))
            and not (_is_loose(before) and _is_loose(after))
            and not after.text[0].islower()
            and not attributes_line(after)
        ):
            spans.append(Span(line.start, line.end, "related", "link_line"))
    return spans + _find_tail_links(lines)


def find_links_below(lines: list[Line], heads: list[Span]) -> list[Span]:
    """Spans of headlines between two paragraphs that stand right below the head of a list, taken out before."""
    spans = []
    for head in heads:
        index = next((number for number, line in enumerate(lines) if line.start >= head.end), len(lines))
        if head.category != "related" or not 0 < index < len(lines) - 1:
            continue
        line, before, after = lines[index], lines[index - 1], lines[index + 1]
        is_link = line.word_count in LINK_WORDS_BELOW_HEAD and is_headline_like(line)
        if is_link and before.end <= head.start and _is_paragraph(before) and _is_paragraph(after):
            spans.append(Span(line.start, line.end, "related", "link_below_head"))
    return spans


def _is_loose(line: Line) -> bool:
    """Whether the line may be a headline or a subheading: it is short, ends no sentence and opens no list."""
    return line.word_count <= LINK_WORDS[-1] and is_headline_like(line)


def attributes_line(following: Line) -> bool:
    """Whether the paragraph opens with who spoke the line before it: a quotation that lost its marks.

    Such a sentence has a verb of speech, with hearers, place and occasion at most: "Lind told reporters on Monday."
    """
    return _attribution().match(following.text) is not None


def is_headline_like(line: Line) -> bool:
    """Whether the line may be a headline: it starts like a sentence, and neither ends nor leads on like one."""
    text = line.text
    return (
        not line.ends_sentence
        and not text.endswith(OPEN_ENDS)
        and text[0] not in OPENERS
        and (text[0].isupper() or text[0] in "“‘\"'[")
        and not text.isupper()
        and DETAIL.search(text) is None
        and line.lowered.rpartition(" ")[2] not in _leading_on()
        and text.count('"') % 2 == 0
        and text.count("“") == text.count("”")
    )


def _is_paragraph(line: Line) -> bool:
    return line.is_prose and line.ends_sentence


def _capitalises_words(line: Line) -> bool:
    words = [word for word in line.text.split()[1:] if len(word) > 3 and word[0].isalpha()]
    return sum(word[0].isupper() for word in words) * 2 > len(words)


def _find_tail_links(lines: list[Line]) -> list[Span]:
    loose = list(takewhile(lambda line: not _is_paragraph(line) or _is_question(line), reversed(lines)))
    before = lines[-len(loose) - 1] if len(loose) < len(lines) else None
    # Questions alone may end a report.
    if before is None or len(loose) > MAXIMUM_TAIL_LINKS or before.text.endswith(":") or all(map(_is_question, loose)):
        return []
    # Aggregators glue the outlet to its headline; with one such line those around it are of the same list.
    is_list = any(map(_ends_in_outlet, loose))
    if not is_list and not all(_is_tail_link(line) for line in loose):
        return []
    return [Span(line.start, line.end, "related", "tail_link") for line in loose]


def _is_tail_link(line: Line) -> bool:
    return line.word_count in TAIL_LINK_WORDS and (_is_question(line) or is_headline_like(line))


def _is_question(line: Line) -> bool:
    return line.text.endswith("?") and line.word_count in TAIL_LINK_WORDS and line.text[0].isupper()


def _ends_in_outlet(line: Line) -> bool:
    """Whether an outlet's name is glued to the end of the line: "Ferry lost off ElleryHarbour News"."""
    match = GLUED_NAME.search(line.text[-LONGEST_GLUED:])
    return match is not None and not line.ends_sentence and is_outlet_name(match["name"])
