import tomllib

import pytest

from tests.annotate.attribution_gold import FOLDER, GoldText, read_gold_texts, score_texts

TEXTS = read_gold_texts()
FLOORS = tomllib.loads((FOLDER / "floors.toml").read_text("utf-8"))


@pytest.mark.parametrize("fault", FLOORS["rules"])
def test_rules_stay_above_their_floors(nlp, fault):
    assert len(getattr(score_texts(nlp, TEXTS), fault)) <= FLOORS["rules"][fault]


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
