import tomllib

import pytest

from tasks.annotate.pipeline import load_pipeline
from tests.annotate.attribution_gold import FOLDER, GoldText, read_gold_texts, score_texts

TEXTS = read_gold_texts()
FLOORS = tomllib.loads((FOLDER / "floors.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def scores():
    return {method: score_texts(load_pipeline(method), TEXTS) for method in FLOORS}


@pytest.mark.parametrize("fault", FLOORS["rules"])
@pytest.mark.parametrize("method", FLOORS)
def test_methods_stay_above_their_floors(scores, method, fault):
    assert len(getattr(scores[method], fault)) <= FLOORS[method][fault]


def test_tagger_does_better_than_the_rules(scores):
    faults = {method: sum(len(getattr(scores[method], fault)) for fault in FLOORS[method]) for method in FLOORS}
    assert faults["tagger"] < faults["rules"]


def test_read_gold_texts_finds_every_content_and_source_in_its_text():
    assert len(TEXTS) >= 30
    for text in TEXTS:
        for item in text.attributions:
            assert all(piece in text.text for piece in item["content"]), text.name
            assert item.get("source", "") in text.text, text.name


def test_score_texts_tells_what_is_wrong(nlp):
    said = "“We won the case,” Mara Lind said."
    wrong = {"content": ["We won the case"], "source": "Tomas Roth", "kind": "indirect"}
    missed = {"content": ["something else entirely"], "source": "Lind", "kind": "direct"}
    score = score_texts(nlp, [GoldText("one", said, (wrong,)), GoldText("two", said, (missed,))])
    assert (score.expected, score.found) == (2, 2)
    assert (score.missed, score.wrong_source, score.wrong_kind, score.not_said) == (["two"], ["one"], ["one"], ["two"])
