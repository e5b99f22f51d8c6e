"""How fast a run went, as a picture: one SVG without script, for the run's page in Prefect's UI."""

import base64
from collections.abc import Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

from schemas import Run

WIDTH, HEIGHT = 760, 330
LEFT, RIGHT, TOP, BOTTOM = 62, 16, 42, 48
INTERVALS = 30
SHOWN_RUNS = 24
INK, GRID, BAR, LINE, PALE = "#1f2933", "#d9dee4", "#3d7ab8", "#b4531a", "#c5ccd4"


def throughput_chart(finished: Sequence[tuple[float, int]], runs: Sequence[Run]) -> str:
    """SVG of documents done over a run's language work; of the last runs where it had none to do.

    `finished` holds the seconds after which each batch was done and its documents.
    """
    if finished:
        return _speed_chart(sorted(finished))
    return _runs_chart(sorted(runs, key=lambda run: run.run_id)[-SHOWN_RUNS:])


def as_address(svg: str) -> str:
    """The picture as an address that holds it; as an image it can neither run a script nor load anything."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _speed_chart(finished: Sequence[tuple[float, int]]) -> str:
    end = max(finished[-1][0], 1.0)
    total = sum(count for _, count in finished)
    points = _spread(finished, end)
    edges = [end * number / INTERVALS for number in range(INTERVALS + 1)]
    done = [_done_by(points, second) for second in edges]
    rates = [(after - before) * INTERVALS / end for before, after in pairwise(done)]
    top = _round_up(max(rates))
    step = (WIDTH - LEFT - RIGHT) / INTERVALS
    parts = [_bar(LEFT + step * number + 1, step - 2, rate / top, BAR) for number, rate in enumerate(rates)]
    line = " ".join(f"{_x(second / end):.1f},{_y(count / total):.1f}" for second, count in points)
    parts.append(f'<polyline points="{line}" fill="none" stroke="{LINE}" stroke-width="2"/>')
    title = f"{total:,} documents in {end:.0f} s: {total / end:.1f} a second"
    legend = "bars: documents a second · line: share of the documents done"
    return _frame(title, legend, top, ["0 s", f"{end / 2:.0f} s", f"{end:.0f} s"], parts)


def _spread(finished: Sequence[tuple[float, int]], end: float) -> list[tuple[float, int]]:
    """Seconds, and the documents done by then, between which the work went on evenly; from none to all.

    Batches that end at almost one time, each on a core of its own, were worked on since the one before these.
    """
    points, done = [(0.0, 0)], 0
    for second, count in finished:
        done += count
        if len(points) > 1 and second - points[-1][0] < end / INTERVALS:
            points[-1] = (points[-1][0], done)
        else:
            points.append((max(second, end / INTERVALS), done))
    return [*points[:-1], (end, done)] if len(points) > 1 else points


def _done_by(points: Sequence[tuple[float, int]], second: float) -> float:
    for (start, before), (stop, after) in pairwise(points):
        if second <= stop:
            return before + (after - before) * (second - start) / (stop - start)
    return points[-1][1]


def _runs_chart(runs: Sequence[Run]) -> str:
    top = _round_up(max([1, *(run.input_count for run in runs)]))
    step = (WIDTH - LEFT - RIGHT) / max(len(runs), 8)
    parts = []
    for number, run in enumerate(runs):
        left = LEFT + step * number + 2
        parts.append(_bar(left, step - 4, run.input_count / top, PALE))
        parts.append(_bar(left, step - 4, min(run.new_document_count, run.input_count) / top, BAR))
    shown = [runs[0], runs[-1]] if runs else []
    labels = [f"{run.started_at:%d %b %H:%M}" for run in shown]
    title = "No language work in this run; the runs so far"
    return _frame(title, "grey: inputs · blue: documents that were new", top, labels, parts)


def _frame(title: str, legend: str, top: float, labels: Sequence[str], parts: Sequence[str]) -> str:
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="sans-serif" font-size="12" fill="{INK}" role="img" aria-label="{escape(title)}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(LEFT, 18, title, 'font-size="15" font-weight="600"'),
        _text(LEFT, HEIGHT - 8, legend),
    ]
    for share in (0.0, 0.5, 1.0):
        height = _y(share)
        lines.append(f'<path d="M{LEFT} {height:.1f}H{WIDTH - RIGHT}" stroke="{GRID}"/>')
        lines.append(_text(LEFT - 8, height + 4, f"{top * share:,g}", 'text-anchor="end"'))
    anchors = ("start", "end") if len(labels) < 3 else ("start", "middle", "end")
    for number, label in enumerate(labels):
        place = _x(number / max(len(labels) - 1, 1))
        lines.append(_text(place, HEIGHT - BOTTOM + 18, label, f'text-anchor="{anchors[number]}"'))
    return "".join([*lines, *parts, "</svg>"])


def _text(x: float, y: float, text: str, attributes: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {attributes}>{escape(text)}</text>'


def _bar(left: float, width: float, share: float, colour: str) -> str:
    return (
        f'<rect x="{left:.1f}" y="{_y(share):.1f}" width="{max(width, 1):.1f}" '
        f'height="{_y(0) - _y(share):.1f}" fill="{colour}"/>'
    )


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 and so on."""
    scale = 1.0
    while scale * 10 < value:
        scale *= 10
    return next((scale * factor for factor in (1, 2, 5, 10) if scale * factor >= value), scale * 10)
