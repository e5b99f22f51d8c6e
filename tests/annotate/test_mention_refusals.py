import pytest

from tasks.annotate.mention_refusals import without_refused
from tasks.annotate.mention_repairs import Candidate, NameWords

CASES = {
    "common word at the head of a sentence": ("It rained. [Mourners] wept.", "ORG", False),
    "common word at the head of a line": ("It rained.\n[Broadcast] networks said so.", "ORG", False),
    "common word behind a colon": ("Lind: [Beautiful]! I knew it.", "PERSON", False),
    "common word in a heading": ("Best Use of Healthy [Vegetables]\n\nIt rained.", "ORG", False),
    "common word inside a sentence": ("They watched [Vegetables] on the stage.", "ORG", True),
    "inside a sentence elsewhere": ("[Vegetables] won. We saw the Vegetables play.", "ORG", True),
    "a name at the head": ("[Brennick] wept.", "ORG", True),
    "known name": ("[House] said so.", "ORG", True),
    "participle at the head": ("It rained. [Bemoaning] it, he left.", "PERSON", False),
    "adverb at the head": ("[Notoriously] frank, he left.", "PERSON", False),
    "one field of an office": ("The Minister of [Defence] left.", "ORG", False),
    "acronym of a thing": ("He sold [TVs] there.", "ORG", False),
    "acronym of a body": ("He left the [KRT] there.", "ORG", True),
    "one initial": ("It was Individual [A.] there.", "PERSON", False),
    "heading in capitals": ("'[GLIDE PATH]'\n\nIt rained.", "ORG", False),
    "newspaper in capitals": ("[KELM EVENING NEWS]\n\nIt rained.", "ORG", True),
    "town in capitals": ("[MOUNTAIN VIEW], Ohio - It rained.", "PLACE", True),
    "field of an office": ("The under secretary of state for [Political Affairs] left.", "ORG", False),
    "body of an office": ("The director of [Kelm Harbour] left.", "ORG", True),
    "group": ("It rained. [Conservatives] wept.", "GROUP", True),
}


@pytest.mark.parametrize(("marked", "label", "is_kept"), CASES.values(), ids=CASES.keys())
def test_without_refused_keeps_names(marked, label, is_kept):
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    kept = without_refused(text, [Candidate(start, end, label)], NameWords.of_people(text, [], frozenset()))
    assert bool(kept) is is_kept


def test_without_refused_keeps_people_named_in_full_elsewhere():
    text = "Ada Storms left. Storms was calm."
    candidates = [Candidate(0, 10, "PERSON"), Candidate(17, 23, "PERSON")]
    assert without_refused(text, candidates, NameWords.of_people(text, ["Ada Storms"], frozenset())) == candidates
