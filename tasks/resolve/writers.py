"""Who wrote a letter or an opinion piece, where a line below it says so."""

import re

from tasks.resolve.clusters import Cluster
from tasks.resolve.discourse import Discourse
from tasks.resolve.names import name_words

# A letter is signed with the name, perhaps with a place: "Ada Cole.", "Ada Cole, Ashby".
_SIGNED = re.compile(r"\.?(?:[,;]\s[^\n.]{2,60}\.?)?\s*(?:\n|\Z)")
# What stands below an opinion piece: "Ada Cole is a teacher in Ashby.", "Ada Cole, a teacher, is".
_PRESENTED = re.compile(r"(?:,[^,.\n]{2,120},)?\s(?:is|was|teaches|directs|chairs|serves|works|writes)\s")
# Behind that line stand at most so many more: where to write to, and the like.
_LAST_LINES = 2


def find_writer(discourse: Discourse, start: int) -> Cluster | None:
    """The person whose name signs the letter that "I" at `start` stands in, or whom the text's end presents.

    None where no line below is a full name alone, and none of the last ones opens with one and says what they are.
    """
    text, last = discourse.text, len(discourse.paragraph_starts) - _LAST_LINES
    for place in discourse.places:
        is_line = discourse.paragraph_starts[discourse.paragraph_of(place.start)] == place.start > start
        if not is_line or place.cluster.label != "PERSON" or len(name_words(text[place.start : place.end])) < 2:
            continue
        if _SIGNED.match(text, place.end):
            return place.cluster
        if discourse.paragraph_of(place.start) >= last and _PRESENTED.match(text, place.end):
            return place.cluster
    return None
