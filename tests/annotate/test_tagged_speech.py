import re

import pytest
import spacy
from spacy.tokens import Doc, Span

from tasks.annotate.quotes import find_quotes
from tasks.annotate.tagger.labels import CONFIDENCES, SPANS_KEY

# [1c …] content, [1q …] cue, [1s …] source; the number is the attribution's, 0 that of none.
TAG = re.compile(r"\[(\d)([cqs]) (.*?)\]", re.DOTALL)
LABELS = {"c": "content", "q": "cue", "s": "source"}


def tagged(marked: str) -> Doc:
    """A doc as the tagger leaves it, from a text with its spans in brackets."""
    text, spans, position = "", [], 0
    for match in TAG.finditer(marked):
        text += marked[position : match.start()]
        spans.append((len(text), len(text) + len(match[3]), LABELS[match[2]], int(match[1])))
        text += match[3]
        position = match.end()
    doc = spacy.blank("en")(text + marked[position:])
    doc.spans[SPANS_KEY] = [_span(doc, *span) for span in spans]
    doc.user_data[CONFIDENCES] = [0.9] * max((span[3] for span in spans), default=0)
    return doc


def _span(doc: Doc, start: int, end: int, label: str, number: int) -> Span:
    span = doc.char_span(start, end, label=label, span_id=number, alignment_mode="expand")
    assert span is not None
    return span


# text: (kind, speaker, content, flags) of its quotes
CASES = {
    "direct": ("[1c “We won,”] [1s Mara Lind] [1q said].", [("direct", "Mara Lind", "We won", "")]),
    "mixed": (
        "[1s Lind] [1q said] [1c the ferry was “late again”].",
        [("mixed", "Lind", "the ferry was “late again”", "")],
    ),
    "the content grows to its marks": (
        "[1s Lind] [1q said], “We won [1c the case and the costs].”",
        [("direct", "Lind", "We won the case and the costs.", "")],
    ),
    "two pieces of one": (
        "[1c “We won,”] [1s she] [1q said], [1c “and we won well.”]",
        [("direct", "she", "We won, and we won well.", "split")],
    ),
    "two pieces that share a word": (
        "[1s Lind] [1q said] [1c it grew by 16.][1c 1 percent].",
        [("indirect", "Lind", "it grew by 16.1 percent", "")],
    ),
    "a paragraph that goes on": (
        "[1c “We won,”] [1s Lind] [1q said]. “It took years.\n\n“And it was worth it.”",
        [("direct", "Lind", "We won, It took years. And it was worth it.", "continued,split,unclosed_mark")],
    ),
    "thought": (
        "[1s Engineers] [1q believe] [1c the wall holds].",
        [("indirect", "Engineers", "the wall holds", "thought")],
    ),
    "no source": ("[1c The wall holds], [1q it was said].", [("indirect", None, "The wall holds", "")]),
    "left open over its cue": (
        "[1c “We won], [1s Lind] [1q said].\n\nThe ferry left.",
        [("direct", "Lind", "We won", "unclosed_mark")],
    ),
    "a paragraph without marks, its cue in the next": (
        "[1c We will not leave this town until we are paid]\n\n[1s Lind] [1q told] the crowd.",
        [("direct", "Lind", "We will not leave this town until we are paid", "no_marks")],
    ),
    "a paragraph without marks before a cue of nothing": (
        "We will not leave this town until we are paid\n\n[0s Lind] [0q told] reporters.",
        [("direct", "Lind", "We will not leave this town until we are paid", "no_marks")],
    ),
    "a statement before a cue of nothing": ("The ferry left at noon.\n\n[0s Lind] [0q spoke].", []),
    "scare quotes": ("The “red line” was drawn.", []),
    "opened anew at each sentence": (
        "[1c “It is late. “We go home,”] [1s Lind] [1q said].",
        [("direct", "Lind", "It is late. We go home", "split,unclosed_mark")],
    ),
    "signed": ("“We will not leave.” — Mara Lind", [("direct", "Mara Lind", "We will not leave.", "")]),
    "signed, with marks inside, and taken for another's": (
        "“The ferry was late.” ― [1s Ida Berg]\n“They left us nothing and [1c for years we rebuilt what they had "
        "taken.” It was “the worst of all years.” ]― Mara Lind.",
        [
            ("direct", "Ida Berg", "The ferry was late.", ""),
            (
                *("direct", "Mara Lind"),
                "They left us nothing and for years we rebuilt what they had taken.” It was “the worst of all years.”",
                "",
            ),
        ],
    ),
    "signed, after another's": (
        "[1c “The ferry is our only road to the mainland and to school.”] — [1s Ida Berg]. “It should never have been "
        "closed in winter.” — Mara Lind",
        [
            ("direct", "Ida Berg", "The ferry is our only road to the mainland and to school.", ""),
            ("direct", "Mara Lind", "It should never have been closed in winter.", ""),
        ],
    ),
    "signed, after a question": (
        "“Why did you leave?” “Because I had to, and because nobody in this town wanted me to stay.” — Mara Lind",
        [
            ("direct", None, "Why did you leave?", ""),
            ("direct", "Mara Lind", "Because I had to, and because nobody in this town wanted me to stay.", ""),
        ],
    ),
    "signed, after what the tagger took no cue for": (
        "[1c “We lost it to the sea again,”] he said. “The ferry left at noon and came back late, and nobody told us "
        "when it would.” — Mara Lind",
        [
            ("direct", None, "We lost it to the sea again", ""),
            (
                *("direct", "Mara Lind"),
                "The ferry left at noon and came back late, and nobody told us when it would.",
                "",
            ),
        ],
    ),
    "signed, and signs elsewhere": (
        "[1s Lind] [1q said] “[1c ?!]”.\n“It is late today.” — Mara Lind",
        [("indirect", "Lind", "?!", ""), ("direct", "Mara Lind", "It is late today.", "")],
    ),
    "signed, another told before": (
        "[1c “We won the case at last,”] [1s Lind] [1q said]. “The ferry left at noon and came back late.” — Ida Berg",
        [
            ("direct", "Lind", "We won the case at last", ""),
            ("direct", "Ida Berg", "The ferry left at noon and came back late.", ""),
        ],
    ),
}


@pytest.mark.parametrize(("marked", "expected"), CASES.values(), ids=CASES.keys())
def test_find_quotes_reads_the_taggers_spans(marked, expected):
    quotes = find_quotes(tagged(marked), "0" * 16)
    assert [(quote.kind, quote.speaker_text, quote.content, quote.flags) for quote in quotes] == expected


def test_find_quotes_takes_the_taggers_confidence():
    (quote,) = find_quotes(tagged("[1c “We won,”] [1s Mara Lind] [1q said]."), "0" * 16)
    assert quote.confidence == 0.9


# text: contents that stay
NAMES_IN_MARKS = {
    "scare quotes": ("The [1q so-called] “[1c summer bridge]” was shut.", []),
    "a title": ("[1s The choir] [1q sang] “[1c The Long Tide of the North]” first.", []),
    "a shout": ("[1s The crowd] [1q shouted] “[1c Open The Bridge]” for an hour.", ["Open The Bridge"]),
    "a sung sentence": ("[1s The choir] [1q sang], “[1c We are the long tide].”", ["We are the long tide."]),
    "a short sentence of nobody": ("“[1c It is late.]”", ["It is late."]),
    "words with a source": ("[1s Lind] called it “[1c a joke]”.", ["a joke"]),
    "half in marks": ("[1c The “long tide”] was [1q sung].", ["The “long tide”"]),
}


@pytest.mark.parametrize(("marked", "expected"), NAMES_IN_MARKS.values(), ids=NAMES_IN_MARKS.keys())
def test_find_quotes_leaves_names_in_marks_out(marked, expected):
    assert [quote.content for quote in find_quotes(tagged(marked), "0" * 16)] == expected


def test_find_quotes_reads_a_block_before_a_name_and_its_verb():
    doc = tagged("A road has two ends, and one was not in the room\n\nLind declared from his side. It rained.")
    (quote,) = find_quotes(doc, "0" * 16)
    assert (quote.content, quote.speaker_text, quote.cue) == (
        "A road has two ends, and one was not in the room",
        "Lind",
        "declared",
    )
    assert find_quotes(tagged("The road has two ends.\n\nLind declared the road open."), "0" * 16) == []


def test_find_quotes_leaves_no_content_broken_off():
    doc = tagged("[1s Lind] [1q said] [1c the air was cold but] correctNobody spoke. Roth said so.")
    (quote,) = find_quotes(doc, "0" * 16)
    assert quote.content == "the air was cold but correctNobody"
    (quote,) = find_quotes(tagged("[1q Complaints about] [1c the] service grew."), "0" * 16)
    assert quote.content == "the service"


def test_find_quotes_takes_no_heading_and_no_next_speaker_into_a_content():
    doc = tagged("[1c NEW TALKS\n\nThe ferry will sail again], [1s Lind] [1q said].")
    assert [quote.content for quote in find_quotes(doc, "0" * 16)] == ["The ferry will sail again"]
    doc = tagged(
        "[1c “The trees get no water,”] [1s she] [1q said]. [1c “They die.”\n\nIt was the worst of years], said Roth."
    )
    (quote,) = find_quotes(doc, "0" * 16)
    assert (quote.kind, quote.content) == ("direct", "The trees get no water, They die.")
    doc = tagged("[1c The road\n\nThe road has two ends and one is shut]. It rained.")
    assert [quote.content for quote in find_quotes(doc, "0" * 16)] == ["The road has two ends and one is shut"]


def test_find_quotes_leaves_no_speaker_broken_off():
    (quote,) = find_quotes(tagged("[1s The] mayor left and [1q said] [1c that it was late]."), "0" * 16)
    assert quote.speaker_text == "The mayor"
    (quote,) = find_quotes(tagged("[1s Some of] them [1q said] [1c that it was late]."), "0" * 16)
    assert quote.speaker_text == "Some of them"
    for whole in ("[1s Witness A] [1q told] the court [1c that it was late].", "[1s The] [1q said] [1c it was late]."):
        (quote,) = find_quotes(tagged(whole), "0" * 16)
        assert quote.speaker_text in ("Witness A", "The")
    (quote,) = find_quotes(tagged("[1s His] [1q view is] [1c that it was late]."), "0" * 16)
    assert quote.speaker_text == "His"


def test_find_quotes_reads_a_block_in_which_its_speaker_tells_what_he_thinks():
    block = "I have read it all, and I could not find a word on who pays"
    inside = block.replace("I could not find a word on who pays", "[1s I] [1q could not find] [1c a word on who pays]")
    (quote, *others) = find_quotes(tagged(f"{inside}\n\n[0s Lind] [0q told] the chamber in his speech."), "0" * 16)
    assert (quote.kind, quote.content, quote.speaker_text) == ("direct", block, "Lind")
    assert all("nested" in other.flags for other in others)
    theirs = inside.replace("[1s I]", "[1s critics]")
    found = find_quotes(tagged(f"{theirs}\n\n[0s Lind] [0q told] the chamber in his speech."), "0" * 16)
    assert [quote.speaker_text for quote in found] == ["critics"]
    asked = "[1s We] [1q asked] [1c whether the ferry would sail again]"
    found = find_quotes(tagged(f"{asked}\n\n[0s Lind] [0q replied] after the meeting."), "0" * 16)
    assert [quote.speaker_text for quote in found] == ["We"]


# text: (kind, content) of its quotes
GOING_OVER = {
    "reported, then quoted": (
        "[1s She] [1q said] [1c the dam held. “We checked it twice.”]",
        [("indirect", "the dam held"), ("direct", "We checked it twice.")],
    ),
    "partly quoted, then quoted": (
        "[1s She] [1q called] [1c it “a joke”. “We laughed. Then we paid.”]",
        [("mixed", "it “a joke”"), ("direct", "We laughed. Then we paid.")],
    ),
    "quoted, then quoted": (
        "[1c “The dam held,”] [1s she] [1q said]. [1c “We checked it twice.”]",
        [("direct", "The dam held, We checked it twice.")],
    ),
    "quoted within its sentence": (
        "[1s She] [1q said] [1c the sign read “We checked it twice.”]",
        [("mixed", "the sign read “We checked it twice.”")],
    ),
    "the stop of an abbreviation": (
        "[1s She] [1q cited] [1c the law of the U.S. “Dams must hold.”]",
        [("mixed", "the law of the U.S. “Dams must hold.”")],
    ),
    "quoted, then reported": (
        "[1s She] [1q said] [1c “We checked it twice.” The dam held].",
        [("mixed", "“We checked it twice.” The dam held")],
    ),
}


@pytest.mark.parametrize(("marked", "expected"), GOING_OVER.values(), ids=GOING_OVER.keys())
def test_find_quotes_parts_what_is_reported_from_what_is_quoted_after_it(marked, expected):
    quotes = find_quotes(tagged(marked), "0" * 16)
    assert [(quote.kind, quote.content) for quote in quotes] == expected
    assert {quote.speaker_text.lower() for quote in quotes} == {"she"}
