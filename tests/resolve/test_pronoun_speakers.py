import pytest

from tasks.resolve.speakers import resolve_speakers
from tests.resolve.made_up import make_clusters, make_quote

NAMES = {"Anna Lind": "PERSON", "Lind": "PERSON", "Peter Roe": "PERSON", "Roe": "PERSON", "Port Office": "ORG"}
NAMES |= {"Greens": "GROUP", "Liberal": "GROUP", "Ashby": "PLACE"}
# Text, sources with their contents in the order of the text, and who speaks the last one.
CASES = {
    "he": ("Peter Roe met Anna Lind. He said it rained.", [("He", "it rained")], "Peter Roe", None),
    "hearer": ("Peter Roe came. He told Peter Roe it rained.", [("He", "it rained")], None, "not_found"),
    "clause before its subject": (
        "Anna Lind saw Peter Roe. While he said it rained, Peter Roe swam.",
        [("he", "it rained")],
        "Peter Roe",
        None,
    ),
    "pronoun subject before the name": (
        "Few took Peter Roe at his word. While he said it rained, he had no such fears as Tom Ash.",
        [("he", "it rained")],
        "Peter Roe",
        None,
    ),
    "unnamed goes on": (
        "Peter Roe came. A spokesman said it rained. He added that it stopped.",
        [("A spokesman", "it rained"), ("He", "it stopped")],
        None,
        "unnamed",
    ),
    "somebody's daughter leaves it open": (
        "Anna Lind came. Her daughter said it rained. She added that it stopped.",
        [("Her daughter", "it rained"), ("She", "it stopped")],
        "Anna Lind",
        None,
    ),
    "named since": (
        "A spokesman said it rained. Peter Roe came. He added that it stopped.",
        [("A spokesman", "it rained"), ("He", "it stopped")],
        "Peter Roe",
        None,
    ),
    "put in beside own words": (
        "Anna Lind met the clerks. Peter Roe said Tom Ash had the keys, which he said were lost. Tom Ash left.",
        [("Peter Roe", "Tom Ash had the keys"), ("he", "were lost")],
        "Peter Roe",
        None,
    ),
    "they are a group": ("The Greens met. They said it rained.", [("They", "it rained")], "Greens", None),
    "they are two": ("Anna Lind and Peter Roe met. They said it rained.", [("They", "it rained")], None, "several"),
    "it is an organisation": (
        "The Port Office shut on Friday. It said it rained.",
        [("It", "it rained")],
        "Port Office",
        None,
    ),
    "a party's candidate is no party": (
        "The Liberal candidate came. They said it rained.",
        [("They", "it rained")],
        None,
        "not_found",
    ),
    "it goes on for a team": (
        "The Port Office met. The relief team said it rained. It says it stopped.",
        [("The relief team", "it rained"), ("It", "it stopped")],
        None,
        "unnamed",
    ),
    "they are who came since": (
        "The Port Office met. Its officials slept. They said it rained.",
        [("They", "it rained")],
        None,
        "unnamed",
    ),
    "they are who came since the speaker": (
        "The Port Office said it was wet. Officials slept. They said it rained.",
        [("The Port Office", "it was wet"), ("They", "it rained")],
        None,
        "unnamed",
    ),
    "asked": (
        "Anna Lind said it rained. Peter Roe met Tom Ash. Asked whether Peter Roe left, she said it stopped.",
        [("Anna Lind", "it rained"), ("she", "it stopped")],
        "Anna Lind",
        None,
    ),
    "somebody's mother": (
        "Anna Lind came. His mother slept, but she said it rained.",
        [("she", "it rained")],
        None,
        "unnamed",
    ),
    "a relative who is named": (
        "His wife, Anna Lind, slept, but she said it rained.",
        [("she", "it rained")],
        "Anna Lind",
        None,
    ),
    "which of a kind": (
        "The Port Office met. The office, which said it rained, left.",
        [("which", "it rained")],
        "Port Office",
        None,
    ),
    "which of no kind": (
        "The Port Office met. The boat, which said it rained, left.",
        [("which", "it rained")],
        None,
        "unnamed",
    ),
    "goes on by its cue": (
        "Peter Roe said it was wet. Tom Ash slept. It was late, he added.",
        [("Peter Roe", "it was wet"), ("he", "It was late")],
        "Peter Roe",
        None,
    ),
    "goes on by its cue beside another": (
        "Peter Roe said it was wet. Tom Ash slept and added that it was late, he added.",
        [("Peter Roe", "it was wet"), ("he", "it was late")],
        "Tom Ash",
        None,
    ),
    "what is somebody's": (
        "Tom Ash slept, casting a shadow over Peter Roe in his hope that it rained.",
        [("his", "it rained")],
        "Peter Roe",
        None,
    ),
    "what is somebody else's": (
        "Tom Ash slept, casting a shadow over Anna Lind in his hope that it rained.",
        [("his", "it rained")],
        "Tom Ash",
        None,
    ),
    "who behind an office": (
        "Mayor Peter Roe met Anna Lind. It vexed the mayor, who said it rained.",
        [("who", "it rained")],
        "Peter Roe",
        None,
    ),
    "who behind nobody's office": (
        "Peter Roe met Anna Lind. It vexed the sailor, who said it rained.",
        [("who", "it rained")],
        None,
        "unnamed",
    ),
    "it is a law": (
        "The Port Office passed the bill. It said it rained.",
        [("It", "it rained")],
        None,
        "document",
    ),
    "I answers": (
        "Anna Lind on rain.\n\nQ: Why?\n\nA: I think it rained.",
        [("I", "it rained")],
        "Anna Lind",
        None,
    ),
    "I asks": ("Anna Lind on rain.\n\nQ: I think it rained.\n\nA: No.", [("I", "it rained")], None, "writer"),
    "you are asked": (
        "Anna Lind on rain.\n\nQ: You said it rained.\n\nA: No.",
        [("You", "it rained")],
        "Anna Lind",
        None,
    ),
    "I signs": ("I think it rained.\n\nAnna Lind.", [("I", "it rained")], "Anna Lind", None),
    "I writes": ("I think it rained.", [("I", "it rained")], None, "writer"),
    "we in speech": ("“We think it rained,” Anna Lind said.", [("We", "it rained")], None, "several"),
    "anybody": ("Everyone said it rained.", [("Everyone", "it rained")], None, "unnamed"),
    "who": ("Anna Lind, who said it rained, left.", [("who", "it rained")], "Anna Lind", None),
    "those who": ("Sailors who said it rained left.", [("who", "it rained")], None, "unnamed"),
}
NAMES |= {"Tom Ash": "PERSON"}


@pytest.mark.parametrize(("text", "said", "name", "reason"), CASES.values(), ids=CASES.keys())
def test_find_leads_a_pronoun_to_whom_it_stands_for(text, said, name, reason):
    cues = {"He told": "told", "he added": "he added"}
    quotes = [
        make_quote(text, source, content, cue=next((cue for words, cue in cues.items() if words in text), None))
        for source, content in said
    ]
    resolve_speakers(quotes, make_clusters(text, NAMES), text)
    assert (quotes[-1].speaker_name, quotes[-1].no_speaker_reason) == (name, reason)


def test_find_leads_the_first_person_in_speech_to_who_speaks():
    text = "“I fear that it rained,” Anna Lind said."
    outer = make_quote(text, "Anna Lind", "I fear that it rained", kind="direct")
    inner = make_quote(text, "I", "it rained")
    resolve_speakers([inner, outer], make_clusters(text, NAMES), text)
    assert (outer.speaker_name, inner.speaker_name) == ("Anna Lind", "Anna Lind")
