import tomllib
from functools import cache

import pytest

from tests.resolve.speaker_gold import FOLDER, SpeakerText, read_speaker_texts, score_speakers

FLOORS = tomllib.loads((FOLDER / "floors.toml").read_text("utf-8"))


@cache
def score_given():
    return score_speakers(read_speaker_texts())


@pytest.mark.parametrize("form", FLOORS["accuracy"])
def test_speakers_stay_above_their_floor(form):
    assert score_given().accuracy(form) >= FLOORS["accuracy"][form], score_given().faults["speakers"]


@pytest.mark.parametrize("kind", FLOORS["faults"])
def test_faults_stay_below_their_floor(kind):
    assert len(score_given().faults[kind]) <= FLOORS["faults"][kind], score_given().faults[kind]


def test_every_form_has_a_floor():
    assert set(score_given().forms) == set(FLOORS["accuracy"])


def test_read_speaker_texts_finds_everything_in_its_text():
    texts = read_speaker_texts()
    assert len(texts) >= 60
    assert len({text.name for text in texts}) == len(texts)
    for text in texts:
        for item in text.quotes:
            assert item["content"] in text.text, text.name
            assert item["source"] in item["clause"], text.name
            assert ("speaker" in item) != ("reason" in item), text.name
        assert all(name in text.text for name in (*text.entities, *text.titles, *(text.mentions or ()))), text.name


def test_score_speakers_tells_what_is_wrong():
    quote = {"content": "We won", "clause": "Lind said", "source": "Lind", "form": "surname", "speaker": "Tomas Roth"}
    text = SpeakerText(
        "wrong",
        "“We won,” Lind said. Anna Lind, the mayor, left.",
        {"Anna Lind": "PER", "Lind": "PER"},
        (quote,),
        mentions={"Lind": "PERSON"},
        titles={"Anna Lind": "bishop"},
        people=2,
    )
    score = score_speakers([text])
    assert score.methods["surname"] == [0, 1]
    assert {kind: len(faults) for kind, faults in score.faults.items()} == {
        "speakers": 1,
        "mentions": 1,
        "people": 1,
        "titles": 1,
    }
