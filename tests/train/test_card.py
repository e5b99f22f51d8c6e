from pathlib import Path

import pytest

from tasks.train.card import ModelCard, plot_curve


def test_markdown_tells_data_scores_plan_and_how_to_train_again():
    card = ModelCard(
        plan={"seed": 1},
        data="3 annotated articles",
        hashes={"attributions": "ab12"},
        packages={"torch": "2"},
        machine="x86_64",
        scores={"attribution_f1": 0.7654321},
        size=24_000_000,
    )
    text = card.markdown()
    assert text.startswith("# The tagger\n")
    assert "3 annotated articles. 24.0 MB; trained on x86_64." in text
    assert "$" not in text
    for heading in ("What it learned from", "What it cannot do", "Trained again", "Scores", "Plan", "Data", "Packages"):
        assert f"## {heading}" in text
    for row in ("| attribution_f1 | 0.7654 |", "| seed | 1 |", "| attributions | ab12 |", "| torch | 2 |"):
        assert row in text


def test_plot_curve_writes_a_picture(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="training needs `make setup-train`")
    points = [{"pieces": 1e6, "roles": 2.0}, {"pieces": 2e6, "roles": 1.0, "attribution_f1": 0.5}]
    plot_curve(points, tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")
