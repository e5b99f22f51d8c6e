"""What comes with a model: its card and its learning curve."""

import json
from dataclasses import dataclass
from pathlib import Path
from string import Template

TEMPLATE_FILE = Path(__file__).with_name("card.md")
COLORS = {
    "attribution_f1": "#1f5fa8",
    "entity_f1": "#b8530f",
    "roles": "#777777",
    "pointers": "#aaaaaa",
    "taught roles": "#555555",
}


@dataclass(frozen=True)
class ModelCard:
    """Where a model comes from and what it scores; all of it goes on the card."""

    plan: dict[str, float]
    data: str
    hashes: dict[str, str]
    packages: dict[str, str]
    machine: str
    scores: dict[str, float]
    size: int

    def markdown(self) -> str:
        """The card as Markdown."""
        tables = (
            ("Scores of the exported model", {name: f"{value:.4f}" for name, value in self.scores.items()}),
            ("Plan", {name: json.dumps(value) for name, value in self.plan.items()}),
            ("Data, sha256", self.hashes),
            ("Packages", self.packages),
        )
        text = Template(TEMPLATE_FILE.read_text("utf-8"))
        lines = [text.substitute(data=self.data, size=f"{self.size / 1e6:.1f}", machine=self.machine).rstrip()]
        for title, rows in tables:
            lines += [
                "",
                f"## {title}",
                "",
                "| | |",
                "|---|---|",
                *(f"| {name} | {row} |" for name, row in rows.items()),
            ]
        return "\n".join(lines) + "\n"


def plot_curve(points: list[dict[str, float]], path: Path) -> None:
    """Write the learning curve as a picture: scores on the left axis over word pieces read, losses on the right."""
    # Imported late: cards are read and written where nothing is drawn.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.5), dpi=120)
    scores = figure.subplots()
    losses = scores.twinx()
    pieces = [point["pieces"] / 1e6 for point in points]
    for name, axis, style in (
        ("attribution_f1", scores, "-o"),
        ("entity_f1", scores, "-s"),
        ("roles", losses, ":"),
        ("pointers", losses, "--"),
        ("taught roles", losses, "-."),
    ):
        shown = [(x, point[name]) for x, point in zip(pieces, points, strict=True) if name in point]
        if shown:
            axis.plot(*zip(*shown, strict=True), style, label=name.replace("_", " "), color=COLORS[name])
    scores.set(xlabel="word pieces read, millions", ylabel="F1", ylim=(0, 1), title="Learning curve")
    losses.set(ylabel="loss")
    handles = [*scores.get_legend_handles_labels()[0], *losses.get_legend_handles_labels()[0]]
    scores.legend(handles=handles, loc="lower right")
    scores.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(path)
