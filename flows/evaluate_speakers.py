"""How well speakers are named in annotated articles: `python -m flows.evaluate_speakers LABELS POLNEAR`."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated

import spacy
import typer
from spacy.tokens import Doc

from flows.progress import show_progress
from schemas import Quote
from tasks.annotate.attribution import text_of
from tasks.annotate.mentions import find_mentions
from tasks.annotate.quote_marks import pair_quote_marks, quoted_share
from tasks.annotate.quotes import DIRECT_SHARE, find_quotes, make_quote
from tasks.annotate.tagger.component import FACTORY
from tasks.annotate.tagger.model import MODEL_FILE
from tasks.resolve.entities_in_article import cluster_mentions
from tasks.resolve.names import agree_in_full, fold_name, may_be_same_person, split_name
from tasks.resolve.organisations import country_of, is_acronym
from tasks.resolve.speakers import resolve_speakers
from tasks.train.brat import GoldAttribution, first_annotators, read_brat_folder

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
USAGE = 2
ARTICLE_ID = "0" * 16


@dataclass(frozen=True, slots=True)
class SpeakerLabel:
    """Who really speaks where one source stands: `right` holds every name that is accepted, none for nobody named.

    Offsets are half-open and count characters of the article's text; `form` says what the source is ("pronoun").
    """

    article: str
    split: str
    source_start: int
    source_end: int
    source_text: str
    form: str
    cue_start: int | None
    content_start: int | None
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found for one label: the speaker's name or the reason why there is none, by which method."""

    label: SpeakerLabel
    name: str | None
    method: str
    reason: str | None
    is_right: bool


@dataclass(frozen=True, slots=True)
class Score:
    """Outcomes with the annotated attributions given, and with those that the tagger finds."""

    given: tuple[Outcome, ...]
    found: tuple[Outcome, ...]


@app.command()
def main(
    labels: Annotated[Path, typer.Argument(help="JSON lines: which source of which article is whom.")],
    polnear: Annotated[Path, typer.Argument(help="Folder that holds a folder of brat standoff for each split.")],
    model: Annotated[Path, typer.Option(help="The tagger's model file.")] = MODEL_FILE,
    faults: Annotated[bool, typer.Option(help="List what is wrong, with the method.")] = False,
) -> None:
    """Name the speakers of labelled sources and score them, by form and by method.

    A line holds article, split, source_start, source_end, source_text, form, cue_start, content_start (the last two
    may be null) and right, the accepted names. Example: python -m flows.evaluate_speakers labels.jsonl polnear
    """
    if not labels.is_file() or not polnear.is_dir():
        typer.echo(f"{polnear if labels.is_file() else labels} is not there: nothing is scored")
        return
    try:
        wanted = read_labels(labels)
    except ValueError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(USAGE) from error
    nlp = spacy.blank("en")
    nlp.add_pipe(FACTORY, config={"model": str(model)})
    score = score_speakers(wanted, polnear, nlp)
    print_outcomes("attributions given", score.given, faults=faults)
    print_outcomes("attributions of the tagger", score.found, faults=faults)


def read_labels(path: Path) -> list[SpeakerLabel]:
    """Labels of a file of JSON lines; ValueError names the line that is none."""
    wanted = [item.name for item in fields(SpeakerLabel)]
    labels = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            labels.append(SpeakerLabel(**{name: record[name] for name in wanted} | {"right": tuple(record["right"])}))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {number} is no label: {error!r}") from error
    return labels


def score_speakers(labels: list[SpeakerLabel], polnear: Path, read: Callable[[str], Doc]) -> Score:
    """What is found for the labels in the articles of `polnear/<split>`; `read` makes a doc with the tagger's spans.

    All attributions of an article are resolved, since one speaker leads to the next. KeyError names an article that
    is not there.
    """
    wanted: dict[tuple[str, str], list[SpeakerLabel]] = defaultdict(list)
    for label in labels:
        wanted[label.split, label.article].append(label)
    articles = {
        (split, article.name): article
        for split in sorted({split for split, _ in wanted})
        for article in first_annotators(read_brat_folder(polnear / split))
    }
    given, found = [], []
    with show_progress() as progress:
        progress.start_stage("name speakers", len(wanted), "articles")
        for key, asked in wanted.items():
            doc, text = read(articles[key].text), articles[key].text
            given += resolve_labels(doc, [annotated_quote(text, item) for item in articles[key].attributions], asked)
            found += resolve_labels(doc, find_quotes(doc, ARTICLE_ID), asked)
            progress.finish_batch("name speakers")
    return Score(tuple(given), tuple(found))


def annotated_quote(text: str, item: GoldAttribution) -> Quote:
    """The annotated attribution as annotation would give it, with its source from the first word to the last."""
    share = quoted_share(pair_quote_marks(text), list(item.content), text)
    return make_quote(
        text,
        ARTICLE_ID,
        item.content,
        kind="direct" if share >= DIRECT_SHARE else "mixed" if share > 0 else "indirect",
        cue=(item.cue[0][0], item.cue[-1][1]) if item.cue else None,
        speaker=(item.source[0][0], item.source[-1][1]) if item.source else None,
    )


def resolve_labels(doc: Doc, quotes: list[Quote], labels: list[SpeakerLabel]) -> list[Outcome]:
    """What resolving the quotes finds for each label; the method is "missed" where no quote has its source."""
    text = text_of(doc)
    resolve_speakers(quotes, cluster_mentions(find_mentions(doc, ARTICLE_ID), text, ARTICLE_ID), text)
    return [_outcome(text, label, find_quote(quotes, label)) for label in labels]


def find_quote(quotes: list[Quote], label: SpeakerLabel) -> Quote | None:
    """The quote whose source overlaps the label's; of several that with its cue, then its content, nearest."""
    rivals = []
    for row in quotes:
        start, end = row.speaker_start_char, row.speaker_end_char
        if start is not None and end is not None and start < label.source_end and label.source_start < end:
            cue = _distance(row.cue_start_char, label.cue_start)
            rivals.append(((cue, _distance(row.start_char, label.content_start)), row))
    return min(rivals, key=lambda rival: rival[0])[1] if rivals else None


def _distance(one: int | None, other: int | None) -> int:
    return 0 if one is None or other is None else abs(one - other)


def _outcome(text: str, label: SpeakerLabel, quote: Quote | None) -> Outcome:
    if quote is None:
        return Outcome(label, None, "missed", None, is_right=False)
    name = quote.speaker_name
    is_right = any(names_agree(name, right, text) for right in label.right) if name else not label.right
    return Outcome(label, name, quote.speaker_method, quote.no_speaker_reason, is_right)


def names_agree(found: str, right: str, text: str) -> bool:
    """Whether two names are one person's, organisation's or country's.

    A surname or a first name alone is right only where the text prints the accepted name nowhere.
    """
    if fold_name(found) == fold_name(right) or is_acronym(found, right) or is_acronym(right, found):
        return True
    if country_of(found) is not None and country_of(found) == country_of(right):
        return True
    if split_name(found)[0] and split_name(right)[0]:
        return agree_in_full(found, right)
    first, _ = split_name(right)
    is_part = may_be_same_person(found, right) or fold_name(found) in map(fold_name, first[:1])
    return is_part and (right not in text or not first)


def print_outcomes(title: str, outcomes: Iterable[Outcome], *, faults: bool) -> None:
    """Prints right and asked by form and by method, and what is wrong."""
    kept = list(outcomes)
    typer.echo(f"{title}: {_share(kept)}")
    for kind, key in (("form", lambda item: item.label.form), ("method", lambda item: item.method)):
        for value in sorted({key(item) for item in kept}):
            typer.echo(f"  {kind:6}  {value:13}  {_share([item for item in kept if key(item) == value])}")
    for item in kept if faults else ():
        if not item.is_right:
            label, got = item.label, item.name or item.reason
            wanted = " or ".join(label.right) or "nobody"
            typer.echo(
                f"  {label.article}:{label.source_start} {label.source_text!r} is {wanted}: {got} ({item.method})"
            )


def _share(outcomes: list[Outcome]) -> str:
    right = sum(item.is_right for item in outcomes)
    return f"{right} of {len(outcomes)} right ({right / max(len(outcomes), 1):.1%})"


if __name__ == "__main__":
    app()
