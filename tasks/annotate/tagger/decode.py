"""Spans linked by the model's pointers: who said what."""

from dataclasses import dataclass

import numpy as np

from tasks.annotate.tagger.labels import POINTER_WIDTH, POINTERS, ROLES
from tasks.annotate.tagger.model import Reading
from tasks.annotate.tagger.pieces import Pieces
from tasks.annotate.tagger.spans import FORBIDDEN, Span, TagCosts, find_spans, log_probabilities

# A content begun anew where it could go on is oftener one that was cut in two; sources and cues are missed oftener
# than made up. Chosen on the development part of PolNeAR, where they are worth 2.3 points of F1.
ROLE_COSTS = TagCosts(begin=(1.5, 0.0, 0.0), favour=(0.0, 1.0, 0.75))


@dataclass(frozen=True, slots=True)
class LinkCosts:
    """What distance takes off a pointer's score, and how far a cue reaches.

    Chosen on the development part of PolNeAR: a cue that reaches further gathers the answers of a whole interview.
    """

    per_piece: float = 0.05
    per_paragraph: float = 3.0
    farthest_cue: int = 1
    no_source: float = -3.0


@dataclass(frozen=True, slots=True)
class Tagged:
    """What the roles head finds in a text: attributions by place, and the cues and sources of none of them."""

    attributions: tuple["TaggedAttribution", ...]
    unlinked: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class TaggedAttribution:
    """One content with its cue and source; null where there is none. `link` is the pointers' mean probability."""

    contents: tuple[Span, ...]
    cue: Span | None
    source: Span | None
    link: float

    @property
    def parts(self) -> list[Span]:
        """Contents, cue and source, those that it has."""
        return [part for part in (*self.contents, self.cue, self.source) if part is not None]

    @property
    def confidence(self) -> float:
        """How sure all its parts and links are together, before calibration; 0 to 1."""
        return min(part.confidence for part in self.parts) * self.link


def find_attributions(reading: Reading, costs: LinkCosts = LinkCosts()) -> Tagged:
    """Attributions of a text in the order of their contents; contents that share a cue are one."""
    spans = find_spans(reading.head("roles"), reading.pieces, ROLES, ROLE_COSTS)
    by_role = {role: [span for span in spans if span.label == role] for role in ROLES}
    contents = by_role["content"]
    if not contents:
        return Tagged((), tuple(spans))
    cues, cue_links = _link(reading, contents, by_role["cue"], "cue", costs)
    sources, source_links = _link(reading, contents, by_role["source"], "source", costs)
    attributions = []
    for members in _joined(reading.pieces, contents, cues, sources):
        best = max(members, key=lambda number: (sources[number] is not None, source_links[number]))
        link = float(np.mean([cue_links[members[0]], source_links[best]]))
        parts = tuple(contents[number] for number in members)
        attributions.append(TaggedAttribution(parts, cues[members[0]], sources[best], link))
    used = {part.first for item in attributions for part in (item.cue, item.source) if part}
    unlinked = [span for span in spans if span.label != "content" and span.first not in used]
    return Tagged(tuple(attributions), tuple(unlinked))


def _joined(
    pieces: Pieces, contents: list[Span], cues: list[Span | None], sources: list[Span | None]
) -> list[list[int]]:
    """Numbers of the contents that are one: of one cue and not of two sources, a paragraph apart at most."""
    groups: list[list[int]] = []
    for number, content in enumerate(contents):
        for group in reversed(groups if cues[number] is not None else []):
            last = group[-1]
            apart = pieces.paragraphs[content.first] - pieces.paragraphs[contents[last].last - 1]
            agree = sources[number] is sources[last] or sources[number] is None or sources[last] is None
            if cues[number] is cues[last] and apart <= 1 and agree:
                group.append(number)
                break
        else:
            groups.append([number])
    return groups


def _link(
    reading: Reading, contents: list[Span], targets: list[Span], name: str, costs: LinkCosts
) -> tuple[list[Span | None], list[float]]:
    """For each content the span that it points at, and the probability of that among all that it could.

    A content has a cue wherever one is in reach, as in the texts learnt from; its source may be nobody.
    """
    firsts = np.array([span.first for span in contents])
    part = slice(POINTERS.index(name) * POINTER_WIDTH, (POINTERS.index(name) + 1) * POINTER_WIDTH)
    queries = reading.head("queries")[:, part][firsts]
    candidates = np.array([span.first for span in targets], int)
    scores = queries @ reading.head("keys")[:, part][candidates].T / POINTER_WIDTH**0.5
    scores -= _distance_costs(reading.pieces, contents, targets, costs)
    if name == "cue":
        apart = _paragraphs_apart(reading.pieces, contents, targets)
        scores = np.where(apart > costs.farthest_cue, FORBIDDEN, scores)
        null = np.full((len(contents), 1), FORBIDDEN / 2)
    else:
        null = np.einsum("nd,nd->n", queries, reading.null_keys(firsts)[:, part])[:, None] / POINTER_WIDTH**0.5
        null += costs.no_source
    probability = np.exp(log_probabilities(np.concatenate([null, scores], axis=1)))
    choice = probability.argmax(axis=1)
    chosen = [targets[number - 1] if number else None for number in choice.tolist()]
    return chosen, probability[np.arange(len(contents)), choice].tolist()


def _distance_costs(pieces: Pieces, contents: list[Span], targets: list[Span], costs: LinkCosts) -> np.ndarray:
    first, last = _edges(contents)
    target_first, target_last = _edges(targets)
    gap = np.maximum(target_first[None, :] - last[:, None], first[:, None] - target_last[None, :])
    apart = _paragraphs_apart(pieces, contents, targets)
    return costs.per_piece * np.maximum(gap, 0) + costs.per_paragraph * apart


def _paragraphs_apart(pieces: Pieces, contents: list[Span], targets: list[Span]) -> np.ndarray:
    first, target_first = _edges(contents)[0], _edges(targets)[0]
    return np.abs(pieces.paragraphs[first][:, None] - pieces.paragraphs[target_first][None, :])


def _edges(spans: list[Span]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([span.first for span in spans], int), np.array([span.last for span in spans], int)
