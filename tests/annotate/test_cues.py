import tomllib

import pytest

from tasks.annotate.cues import CUES_FILE, load_cues
from tasks.annotate.quotes import find_attributions

GROUPS = [
    group for name in ("verbs", "nouns", "phrases") for group in tomllib.loads(CUES_FILE.read_text("utf-8"))[name]
]
EXAMPLES = [(example["text"], example["cue"]) for group in GROUPS for example in group["examples"]]


@pytest.mark.parametrize(("text", "cue"), EXAMPLES, ids=[text for text, _ in EXAMPLES])
def test_find_attributions_finds_the_cue_of_every_example(nlp, text, cue):
    attributions, _ = find_attributions(nlp(text))
    assert cue in {text[slice(*item.cue)] for item in attributions if item.cue}


def test_every_group_of_cues_has_examples():
    assert all(group["examples"] for group in GROUPS)


def test_load_cues_tells_thought_from_speech():
    lexicon = load_cues()
    assert lexicon.is_thought("believe", "clause")
    assert not lexicon.is_thought("say", "clause")
