from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from flows.evaluate_linking import COPIES, STORIES, Compared, app, measure_bcubed, measure_copies, set_to

RUN = CliRunner()
EVENTS = {
    "ferry": "The ferry Marigold hit the pier of Oldhaven at noon, and nine passengers were hurt when the ramp fell.",
    "mill": "The old mill of Ness burned down overnight; firemen saved the chimney and the miller's two horses.",
    "weir": "Engineers in Halm opened the new weir after four years, and the river Elm rose by a hand.",
    "choir": "A choir of Velm sang for the queen in the cathedral, though its organ had been silent since spring.",
}
ENDINGS = ("Nobody knows more.", "The mayor thanked all who had helped.", "It rained.")


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    rows = [
        {"doc": f"{event}-{number}", "cluster": event, "title": None, "text": f"{text} {ending}"}
        for event, text in EVENTS.items()
        for number, ending in enumerate(ENDINGS)
    ]
    versions = [
        {"set": "one", "doc": event, "seg": seg, "sys": system, "text": text if seg else f"{system} tells this. " * 9}
        for event, text in EVENTS.items()
        for system in ("first", "second")
        for seg in (0, 1)
    ]
    for path, table in ((STORIES, rows), (COPIES, versions)):
        (tmp_path / path).parent.mkdir()
        pd.DataFrame(table).to_parquet(tmp_path / path)
    return tmp_path


def test_main_scores_each_half_with_what_is_best_on_the_other(gold: Path) -> None:
    result = RUN.invoke(app, [str(gold)])
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "stories, half 1", "stories, half 2", "stories, all 4 events", "copies, half 1", "copies, half 2",
    ]  # fmt: skip
    assert "BCubed F1 1.000 as set" in lines[2]
    assert "minimum_similarity" in lines[0]
    assert "minimum_order_share" in lines[3]


def test_main_says_what_is_not_there(gold: Path, tmp_path: Path) -> None:
    (gold / COPIES).unlink()
    result = RUN.invoke(app, [str(gold)])
    assert f"{gold / COPIES} is not there: nothing is scored by it" in result.stdout
    assert "stories, half 1" in result.stdout
    nothing = RUN.invoke(app, [str(tmp_path / "none")])
    assert (nothing.exit_code, nothing.stdout.count("is not there")) == (0, 2)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("a", 1), ("a", 1), ("b", 2)], 1.0),
        ([("a", 1), ("a", 2)], 2 / 3),
        ([("a", 1), ("b", 1)], 2 / 3),
    ],
)
def test_measure_bcubed_averages_over_articles(pairs, expected) -> None:
    assert measure_bcubed(pairs) == pytest.approx(expected)


def test_measure_copies_weighs_others_as_much_as_copies() -> None:
    pairs = [
        Compared(True, True, 1.0, 1.0),
        Compared(True, False, 0.5, 0.7),
        Compared(True, False, 0.2, 0.7),
        Compared(False, False, 0.5, 0.7),
        Compared(False, False, 0.5, 0.1),
    ]
    values = {"minimum_order_share": 0.4, "minimum_covered_share": 0.6}
    precision, recall, _ = measure_copies(pairs, values)
    assert (precision, recall) == (pytest.approx(2 / 3.5), pytest.approx(2 / 3))
    assert measure_copies(pairs, {"minimum_order_share": 0.9, "minimum_covered_share": 0.0})[:2] == (1.0, 1 / 3)


def test_set_to_puts_options_back() -> None:
    options = {"a": 1, "b": 2}
    with set_to(options, {"a": 3}):
        assert options == {"a": 3, "b": 2}
    assert options == {"a": 1, "b": 2}
