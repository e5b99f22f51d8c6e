import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.annotate.pipeline import load_pipeline
from tasks.annotate.quotes import find_quotes, load_confidences

# text: (kind, speaker as printed, content)
SINGLE = {
    "cue after": ("“We have won the case,” said Mara Lind.", ("direct", "Mara Lind", "We have won the case")),
    "cue after, inverted not": ("“We have won,” Lind told reporters.", ("direct", "Lind", "We have won")),
    "cue before": ("Lind said: “We have won the case.”", ("direct", "Lind", "We have won the case.")),
    "unclosed": ("Lind said: “We have won the case.", ("direct", "Lind", "We have won the case.")),
    "split by the cue": ("“We won,” she said, “and we won well.”", ("direct", "she", "We won, and we won well.")),
    "goes on after the cue": (
        "“We won,” Lind said. “It took years.”",
        ("direct", "Lind", "We won, It took years."),
    ),
    "mixed": (
        "Lind said the ferry was “late again” on Monday.",
        ("mixed", "Lind", "the ferry was “late again” on Monday"),
    ),
    "words about a thing": (
        "Lind described the talks as “useful and frank”.",
        ("mixed", "Lind", "the talks as “useful and frank”"),
    ),
    "indirect": ("Lind said the ferry was late.", ("indirect", "Lind", "the ferry was late")),
    "according to": ("According to Lind, the ferry was late.", ("indirect", "Lind", "the ferry was late")),
    "according to, before a subject with an article": (
        "According to Mr Prowse, a rise of more than four per cent would mean fewer sailings.",
        ("indirect", "Mr Prowse", "a rise of more than four per cent would mean fewer sailings"),
    ),
    "any verb before a colon": (
        "The director, Mara Lind, disagreed: “Nothing has been hidden.”",
        ("direct", "The director, Mara Lind", "Nothing has been hidden."),
    ),
    "speaker after the last paragraph of the quotation": (
        "“I was born here and I will stay.\n\n“None of this is new,” said Mara Lind.",
        ("direct", "Mara Lind", "I was born here and I will stay. None of this is new"),
    ),
    "double marks inside single ones": (
        "‘I asked them, “When does it leave?” and nobody knew,’ she said.",
        ("direct", "she", "I asked them, “When does it leave?” and nobody knew"),
    ),
    "cue in the middle": (
        "The ferry, Lind said, was late again.",
        ("indirect", "Lind", "The ferry was late again"),
    ),
    "block quote": (
        "We will not leave this town until we are paid\n\nLind told reporters after the meeting.",
        ("direct", "Lind", "We will not leave this town until we are paid"),
    ),
    "signature": (
        "“We will not leave this town.” — Mara Lind",
        ("direct", "Mara Lind", "We will not leave this town."),
    ),
    "signature with a stop": (
        "“We will not leave this town.” — Mara Lind.",
        ("direct", "Mara Lind", "We will not leave this town."),
    ),
    "signature with a stop of its own": (
        "“We will not leave this town.” — Mara Lind Jr.",
        ("direct", "Mara Lind Jr.", "We will not leave this town."),
    ),
    "signature of a company": (
        "“We will not leave this town.” — Acme Holdings Ltd.",
        ("direct", "Acme Holdings Ltd.", "We will not leave this town."),
    ),
    "announced by a colon": (
        "Lind wrote on Monday:\n\n“We will not leave this town.”",
        ("direct", "Lind", "We will not leave this town."),
    ),
}


@pytest.mark.parametrize(("text", "expected"), SINGLE.values(), ids=SINGLE.keys())
def test_find_quotes_finds_content_and_speaker(nlp, text, expected):
    quotes = [quote for quote in find_quotes(nlp(text), "0" * 16) if "nested" not in quote.flags]
    assert [(quote.kind, quote.speaker_text, quote.content) for quote in quotes] == [expected]


NOT_QUOTED = {
    "scare quotes": "The “red line” was drawn on the map in 1962.",
    "a title": "The film “The Long Way Home” opened in three towns.",
    "no speech": "The ferry left the harbour at noon and came back late.",
}


@pytest.mark.parametrize("text", NOT_QUOTED.values(), ids=NOT_QUOTED.keys())
def test_find_quotes_leaves_words_that_nobody_says(nlp, text):
    assert find_quotes(nlp(text), "0" * 16) == []


def test_find_quotes_gives_the_last_speaker_to_a_sentence_in_marks_without_cue(nlp):
    text = "Lind said the port was safe. “This could change within a week or two.”"
    last = find_quotes(nlp(text), "0" * 16)[-1]
    assert (last.content, last.speaker_text) == ("This could change within a week or two.", "Lind")
    assert "speaker_inferred" in last.flags


def test_find_quotes_joins_a_quotation_over_paragraphs(nlp):
    text = "“We have won,” Lind said. “It took years.\n\n“And it was worth it.”"
    quotes = find_quotes(nlp(text), "0" * 16)
    assert [quote.content for quote in quotes] == ["We have won, It took years. And it was worth it."]


def test_find_quotes_ignores_cues_inside_the_quotation(nlp):
    text = "“He said no and she said yes,” Lind told the court."
    quotes = find_quotes(nlp(text), "0" * 16)
    assert [quote.speaker_text for quote in quotes] == ["Lind"]


def test_find_quotes_keeps_the_other_quotes_when_a_mark_is_odd(nlp):
    text = (
        "“We won,” Lind said.\n\nThe “odd word stood there.\n\n“We will appeal,” Roth said.\n\n“Never,” Lind replied."
    )
    speakers = [quote.speaker_text for quote in find_quotes(nlp(text), "0" * 16)]
    assert speakers.count("Lind") == 2
    assert "Roth" in speakers


def test_find_quotes_offsets_point_at_content_cue_and_speaker(nlp):
    text = "Yesterday.\n\n“We won,” said Mara Lind, the mayor, “and we won well.” Roth warned that the dam was old."
    for quote in find_quotes(nlp(text), "0" * 16):
        pieces = [segment.split(":") for segment in quote.content_segments.split(" ")]
        assert " ".join(text[int(start) : int(end)] for start, end in pieces) == quote.content
        assert text[quote.cue_start_char : quote.cue_end_char] == quote.cue
        assert text[quote.speaker_start_char : quote.speaker_end_char] == quote.speaker_text


def test_find_quotes_flags_thought(nlp):
    (quote,) = find_quotes(nlp("Engineers believe the wall will hold."), "0" * 16)
    assert "thought" in quote.flags.split(",")


def test_load_confidences_are_shares():
    assert all(0 < value <= 1 for value in load_confidences().values())


PIECES = [
    "Lind said ",
    "According to Lind ",
    "“",
    "”",
    '"',
    "’",
    "„",
    "we won",
    ", ",
    ". ",
    "—",
    "O’",
    "\n\n",
    " told us: ",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_find_quotes_reads_any_mixture_of_marks_and_cues(text):
    nlp = load_pipeline("rules")
    for quote in find_quotes(nlp(text), "0" * 16):
        pieces = [segment.split(":") for segment in quote.content_segments.split(" ")]
        assert " ".join(text[int(start) : int(end)] for start, end in pieces) == quote.content
        assert (quote.start_char, quote.end_char) == (int(pieces[0][0]), int(pieces[-1][1]))
