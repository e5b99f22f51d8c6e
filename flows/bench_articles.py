"""Made-up articles to measure with: invented names, and the residue that scraping leaves around them."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from schemas.runs import Document

WORDS_PER_ARTICLE = 700
FETCHED_AT = datetime(2024, 6, 1, tzinfo=UTC)

PLACES = ("Port Ellery", "Kelmouth", "Ashvale", "Ravensford", "Torran", "Dunmere", "Saltby", "Oxley Bridge")
GIVEN_NAMES = ("Ada", "Moira", "Tomas", "Hana", "Femi", "Ruth", "Piet", "Leila", "Oskar", "Nadia")
FAMILY_NAMES = ("Cole", "Tennant", "Varga", "Quill", "Adeyo", "Prewett", "Lindqvist", "Sorrel", "Okafor", "Marsh")
POSTS = ("mayor", "harbour master", "union secretary", "finance minister", "chief engineer", "head of the council")
THINGS = ("pier", "tram line", "flood wall", "ferry terminal", "school roof", "water tower", "fish market", "library")
BODIES = ("the town council", "the province", "the port authority", "the transport ministry", "the builders' union")
VERBS = ("said", "told reporters", "added", "said in a statement", "told the council")
SENTENCES = (
    "{Body} agreed on {day} to rebuild the {thing} in {place} before the winter storms.",
    "The work on the {thing} will cost {number} million crowns, {small} per cent more than was planned in the spring.",
    "{name}, the {post} of {place}, had asked {body} for a decision since last autumn.",
    "About {number} people stood outside the town hall in {place} while the talks went on past midnight.",
    "Two earlier plans for the {thing} failed because {body} and {body} could not agree on who would pay.",
    "According to {name}, no contract has been signed, and {small} firms have shown interest so far.",
    "Residents of {place} have complained about the {thing} for {small} years, and {number} of them signed a letter.",
    "The report, which {body} published on {day}, names {small} faults in the {thing} and blames nobody for them.",
)
QUOTATIONS = (
    "We have waited {small} years for this, and we can wait until {day} as well",
    "Nobody in {place} believes that the {thing} will be finished on time",
    "I have shown {body} our books, and I will show them again tomorrow",
    "It is not about money, it is about the people who use the {thing} every morning",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
OUTLETS = ("The Harbour Gazette", "Kelmouth Today", "Island Post", "Ashvale Observer", "Ravensford Courier")
# Each is put among the paragraphs or below them; braces as in the sentences.
MIDDLE_RESIDUE = (
    "ALSO READ: {name} to leave the council in {place}",
    "Story continues below advertisement",
    "Advertisement",
    "The {thing} in {place} on {day}. {name}/Getty Images",
    "[Read more: What {body} plans for the {thing}]",
    "Share this article",
)
TAIL_RESIDUE = (
    "Facebook Twitter WhatsApp Email",
    "Sign up for our newsletter",
    "Leave a Reply Cancel reply",
    "Your email address will not be published. Required fields are marked *",
    "The post {name} and the {thing} appeared first on {outlet}.",
    "Tags: {place}, {thing}, council",
    "© 2024 {outlet}. All rights reserved.",
    "Previous article",
)
SYLLABLES = ("ba", "ke", "li", "mo", "ru", "sta", "ven", "tor", "ash", "dun", "el", "fi", "gra", "hol", "is", "jun")
ARTICLES_PER_STORY = 4
# Of numbers from which the words of stories are spelled: names of three to five syllables.
FIRST_WORD, LAST_WORD = 300, 1_000_000
DAMAGE = (("’", "&#8217;"), ("“", "&ldquo;"), (". ", ".  "), (" ", "\u00a0"))
DAMAGED_SHARE = 0.3


Choices = Mapping[str, Sequence[str]]
CHOICES: Choices = {
    "given": GIVEN_NAMES,
    "family": FAMILY_NAMES,
    "place": PLACES,
    "post": POSTS,
    "thing": THINGS,
    "body": BODIES,
    "day": DAYS,
    "outlet": OUTLETS,
}


def make_articles(
    count: int, *, seed: int = 1, words: int = WORDS_PER_ARTICLE, as_stories: bool = False
) -> Iterator[Document]:
    """`count` documents of plain text, about so many words each; the same for the same seed.

    All are of the same few places and people; `as_stories` every four have some of their own, as news has.
    """
    random = Random(seed)
    choices = CHOICES
    for number in range(count):
        if as_stories and number % ARTICLES_PER_STORY == 0:
            choices = _choose_for_story(random)
        yield _as_document(number, _make_text(random, words, choices))


def write_inputs(documents: Sequence[Document], path: Path) -> None:
    """Writes the documents' texts as JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        for document in documents:
            file.write(json.dumps({"text": document.raw_text, "url": document.declared_url}) + "\n")


def spell(number: int) -> str:
    """A word that looks like one; another for every number."""
    spelled = ""
    while number >= 0:
        spelled += SYLLABLES[number % len(SYLLABLES)]
        number = number // len(SYLLABLES) - 1
    return spelled


def _choose_for_story(random: Random) -> Choices:
    def name() -> str:
        return spell(random.randint(FIRST_WORD, LAST_WORD)).capitalize()

    places = [name(), name()]
    return {
        **CHOICES,
        "family": [name() for _ in range(4)],
        "place": places,
        "thing": [f"{name()} {thing}" for thing in random.sample(THINGS, 2)],
        "body": [f"the council of {place}" for place in places],
    }


def _as_document(number: int, raw_text: str) -> Document:
    raw = raw_text.encode()
    return Document(
        document_id=hashlib.sha256(raw).hexdigest()[:16],
        source_uri=f"generated/{number}.txt",
        media_type="text/plain",
        encoding="utf-8",
        byte_count=len(raw),
        raw_text=raw_text,
        fetched_at=FETCHED_AT,
        declared_title=None,
        declared_outlet=None,
        declared_author=None,
        declared_url=None,
        declared_published_at=None,
    )


def _make_text(random: Random, words: int, choices: Choices) -> str:
    lines = [
        _fill(line, random, choices) for line in ("{name} wins vote on {thing} in {place} - {outlet}", "By {name}")
    ]
    lines.append(f"{random.randint(1, 28)} May 2024")
    word_count = 0
    while word_count < words:
        paragraph = _make_paragraph(random, choices)
        word_count += len(paragraph.split())
        lines.append(paragraph)
        if random.random() < 0.15:
            lines.append(_fill(random.choice(MIDDLE_RESIDUE), random, choices))
    lines += [_fill(line, random, choices) for line in random.sample(TAIL_RESIDUE, random.randint(2, 5))]
    text = random.choice(("\n\n", "\n\n", "\n", " \n\n")).join(lines)
    return _damage(text, random)


def _make_paragraph(random: Random, choices: Choices) -> str:
    sentences = [_fill(sentence, random, choices) for sentence in random.sample(SENTENCES, random.randint(1, 3))]
    if random.random() < 0.4:
        quotation, verb = random.choice(QUOTATIONS), random.choice(VERBS)
        sentences.append(_fill(f"“{quotation},” {{name}}, the {{post}} of {{place}}, {verb}.", random, choices))
    return " ".join(sentences)


def _fill(pattern: str, random: Random, choices: Choices) -> str:
    """The pattern with its braces filled, each with a draw of its own."""
    parts: list[str] = []
    for piece in pattern.replace("}", "{").split("{"):
        parts.append(_draw(piece, random, choices) if len(parts) % 2 else piece)
    return "".join(parts)


def _draw(what: str, random: Random, choices: Choices) -> str:
    if what == "name":
        return f"{random.choice(choices['given'])} {random.choice(choices['family'])}"
    if what in ("number", "small"):
        return str(random.randint(20, 900) if what == "number" else random.randint(2, 19))
    word = random.choice(choices[what.lower()])
    return word[0].upper() + word[1:] if what[0].isupper() else word


def _damage(text: str, random: Random) -> str:
    """The text, or in some of the articles one with characters as scrapers break them."""
    if random.random() > DAMAGED_SHARE:
        return text
    whole, broken = random.choice(DAMAGE)
    pieces = text.split(whole)
    return "".join(piece + (broken if random.random() < 0.05 else whole) for piece in pieces[:-1]) + pieces[-1]
