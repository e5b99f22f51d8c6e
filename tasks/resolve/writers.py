"""Who wrote a letter or an opinion piece, where a line below it says so."""

import re

from tasks.resolve.clusters import Cluster
from tasks.resolve.discourse import Discourse
from tasks.resolve.names import name_words
from tasks.resolve.titles import title_before

# A letter is signed with the name, perhaps with a place: "Ada Cole.", "Ada Cole, Ashby".
_SIGNED = re.compile(r"\.?(?:[,;]\s[^\n.]{2,60}\.?)?\s*(?:\n|\Z)")
# What stands below an opinion piece: "Ada Cole is a teacher in Ashby.", "Ada Cole, a teacher, is".
_PRESENTED = re.compile(r"(?:,(?:[^,.\n]|\.(?=,)){2,120},)?\s(?:is|was|teaches|directs|chairs|serves|works|writes)\s")
# The headline of an opinion piece: "Ada Cole: The rain and I".
_HEADS = re.compile(r":\s(?=[^\s“\"'‘])")
# Behind that line stand at most so many more: where to write to, and the like.
_LAST_LINES = 2


def find_writer(discourse: Discourse, start: int) -> Cluster | None:
    """The person whose name signs the letter that "I" at `start` stands in, or whom the text's end presents.

    None where no line below is a full name alone, and none of the last ones opens with one, perhaps behind an office,
    and says what they are; and the headline names nobody of whom the text does not speak.
    """
    text, last = discourse.text, len(discourse.paragraph_starts) - _LAST_LINES
    for place in discourse.places:
        line = discourse.paragraph_starts[discourse.paragraph_of(place.start)]
        is_full = place.cluster.label == "PERSON" and len(name_words(text[place.start : place.end])) > 1
        if line < start or not is_full:
            continue
        if line == place.start and _SIGNED.match(text, place.end):
            return place.cluster
        is_opening = (
            line == place.start or title_before(text, place.start, floor=line) == text[line : place.start].strip()
        )
        if discourse.paragraph_of(place.start) >= last and is_opening and _PRESENTED.match(text, place.end):
            return place.cluster
    return _headed(discourse)


def _headed(discourse: Discourse) -> Cluster | None:
    """Whose full name and a colon open the headline, where no other line speaks of them."""
    for place in discourse.places[:1]:
        mentions = place.cluster.mentions
        is_alone = all(discourse.paragraph_of(mention.start_char) == 0 for mention in mentions)
        is_person = place.cluster.label == "PERSON" and len(name_words(place.cluster.name)) > 1
        if place.start == 0 and is_person and is_alone and _HEADS.match(discourse.text, place.end):
            return place.cluster
    return None
