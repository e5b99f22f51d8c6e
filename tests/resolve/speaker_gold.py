"""Our own texts with who speaks in them, and how well a way of reading them names the speakers.

`python -m tests.resolve.speaker_gold` prints the score and all faults; with `--tagger MODEL` entities and quotations
are the tagger's, without it those that the texts give.
"""

import argparse
import re
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import filter_spans

from schemas import EntityMention, Quote
from tasks.annotate.mentions import find_mentions
from tasks.annotate.quotes import find_quotes, make_quote
from tasks.resolve.clusters import Cluster
from tasks.resolve.entities_in_article import cluster_mentions
from tasks.resolve.speakers import resolve_speakers

FOLDER = Path(__file__).parents[2] / "data" / "gold" / "speakers"
ARTICLE_ID = "0" * 16


@dataclass(frozen=True)
class SpeakerText:
    """A text as the file has it; see data/gold/speakers/README.md."""

    name: str
    text: str
    entities: dict[str, str] = field(default_factory=dict)
    quotes: tuple[dict, ...] = ()
    mentions: dict[str, str] | None = None
    titles: dict[str, str] = field(default_factory=dict)
    people: int | None = None


@dataclass(frozen=True)
class Reading:
    """What was found in one text."""

    mentions: list[EntityMention]
    clusters: list[Cluster]
    quotes: list[Quote]


@dataclass
class SpeakerScore:
    """Right and asked by form and by method, and the faults in words."""

    forms: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    methods: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def count(self, form: str, method: str, is_right: bool) -> None:
        """Counts one speaker."""
        for counts in (self.forms[form], self.methods[method]):
            counts[0] += is_right
            counts[1] += 1

    def accuracy(self, form: str | None = None) -> float:
        """Share of speakers that are right: those of one form, or all."""
        pairs = [self.forms[form]] if form else list(self.forms.values())
        return sum(right for right, _ in pairs) / sum(asked for _, asked in pairs)


def read_speaker_texts() -> list[SpeakerText]:
    """All texts."""
    entries = tomllib.loads((FOLDER / "texts.toml").read_text("utf-8"))["text"]
    return [SpeakerText(**{**entry, "quotes": tuple(entry.get("quotes", ()))}) for entry in entries]


def read_given(text: SpeakerText) -> Reading:
    """The text with the entities and quotations that the file gives: what is wrong then is not the tagger's."""
    return _resolve(text, _doc_with_entities(text), [_given_quote(text.text, item) for item in text.quotes])


def read_with(nlp: Language, text: SpeakerText) -> Reading:
    """The text as the pipeline reads it."""
    doc = nlp(text.text)
    return _resolve(text, doc, find_quotes(doc, ARTICLE_ID))


def _resolve(text: SpeakerText, doc: Doc, quotes: list[Quote]) -> Reading:
    mentions = find_mentions(doc, ARTICLE_ID)
    clusters = cluster_mentions(mentions, text.text, ARTICLE_ID)
    resolve_speakers(quotes, clusters, text.text)
    return Reading(mentions, clusters, quotes)


def _doc_with_entities(text: SpeakerText) -> Doc:
    doc = spacy.blank("en")(text.text)
    spans = [
        doc.char_span(*match.span(), label=label, alignment_mode="expand")
        for name, label in text.entities.items()
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text.text)
    ]
    doc.ents = filter_spans([span for span in spans if span is not None])
    return doc


def _given_quote(text: str, item: dict) -> Quote:
    clause = _only_place(text, item["clause"])
    source = item["source"]
    start = text.index(source, clause) if source else None
    content = text.index(item["content"])
    end = content + len(item["content"])
    cue = next(
        (match for match in re.finditer(r"\w+", item["clause"]) if match.group() not in source.split()),
        re.search(r"\w+", item["clause"]),
    )
    assert cue is not None
    return make_quote(
        text,
        ARTICLE_ID,
        [(content, end)],
        kind="direct" if text[content - 1 : content] == "“" else "indirect",
        cue=(clause + cue.start(), clause + cue.end()),
        speaker=(start, start + len(source)) if start is not None else None,
    )


def _only_place(text: str, clause: str) -> int:
    places = [match.start() for match in re.finditer(rf"(?<!\w){re.escape(clause)}(?!\w)", text)]
    assert len(places) == 1, f"{clause!r} stands {len(places)} times"
    return places[0]


def score_speakers(texts: list[SpeakerText], nlp: Language | None = None) -> SpeakerScore:
    """How the speakers, people, mentions and titles found agree with the texts; with the pipeline, end to end."""
    score = SpeakerScore()
    for text in texts:
        reading = read_with(nlp, text) if nlp else read_given(text)
        for expected in text.quotes:
            _score_speaker(score, text, expected, reading.quotes)
        _score_mentions(score, text, reading)
        for name, title in text.titles.items():
            titles = next((cluster.titles for cluster in reading.clusters if cluster.name == name), Counter())
            printed = titles.most_common(1)[0][0] if titles else ""
            if printed != title:
                score.faults["titles"].append(f"{text.name}: {name} is {title!r}, found {printed!r}")
    return score


def _score_speaker(score: SpeakerScore, text: SpeakerText, expected: dict, found: list[Quote]) -> None:
    quote = max(found, key=lambda row: _overlap(expected["content"], row.content), default=None)
    if quote is None or _overlap(expected["content"], quote.content) < 0.5:
        score.count(expected["form"], "missed", is_right=False)
        score.faults["missed"].append(f"{text.name}: {expected['content']!r}")
        return
    name = expected.get("speaker")
    is_right = quote.speaker_name == name and quote.no_speaker_reason == expected.get("reason")
    score.count(expected["form"], quote.speaker_method, is_right)
    if not is_right:
        wanted = name or expected.get("reason")
        got = quote.speaker_name or quote.no_speaker_reason
        fault = f"{text.name}: {quote.speaker_text!r} is {wanted}, found {got} ({quote.speaker_method})"
        score.faults["speakers"].append(fault)


def _overlap(expected: str, found: str) -> float:
    one, two = (set(re.findall(r"\w+", content.lower())) for content in (expected, found))
    return len(one & two) / max(len(one | two), 1)


def _score_mentions(score: SpeakerScore, text: SpeakerText, reading: Reading) -> None:
    found = {mention.text: mention.label for mention in reading.mentions}
    if text.mentions is not None and found != text.mentions:
        score.faults["mentions"].append(f"{text.name}: {found}")
    people = [cluster.name for cluster in reading.clusters if cluster.label == "PERSON"]
    if text.people is not None and len(people) != text.people:
        score.faults["people"].append(f"{text.name}: {people}")


def print_score(score: SpeakerScore) -> None:
    """Prints accuracy by form and by method, then every fault."""
    for title, counted in (("form", score.forms), ("method", score.methods)):
        for name, (right, asked) in sorted(counted.items()):
            print(f"{title:7} {name:13} {right:3} of {asked:3}")
    print(f"all     {score.accuracy():.3f}")
    for kind, faults in score.faults.items():
        print(f"{kind}: {len(faults)}", *faults, sep="\n  ")


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tagger", metavar="MODEL", help="model file of the tagger")
    model = parser.parse_args().tagger
    nlp = None
    if model:
        from tasks.annotate.tagger.component import FACTORY

        nlp = spacy.blank("en")
        nlp.add_pipe(FACTORY, config={"model": model})
    print_score(score_speakers(read_speaker_texts(), nlp))


if __name__ == "__main__":
    _main()
