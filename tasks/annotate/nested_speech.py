"""What people say that others said: attributions inside a content, which a tagger of flat spans cannot give."""

import re
from functools import cache

from tasks.annotate.attribution import Attribution, Offsets, trim_offsets
from tasks.annotate.cues import load_cues

_SOURCE = (
    r"(?P<source>\b(?:[Hh]e|[Ss]he|[Tt]hey|[Ww]e|I|[Ss]omebody|[Ss]omeone|[Ee]verybody|[Ee]veryone|[Pp]eople"
    r"|(?:[Tt]he|[Mm]y|[Hh]is|[Hh]er|[Oo]ur|[Tt]heir)(?:[ ](?!(?:who|that|to|of|and|in|on|for)\b)[\w’'-]+){1,2}?"
    r"|(?!(?:When|If|That|This|It|As|Since|While|But|And|So|Because|Then|What|Why|How|Simply|Now)\b)"
    r"[A-Z][\w-]+(?:[ ][A-Z][\w-]+){0,3}))"
)
_HELPERS = r"(?:[ ](?:has|have|had|just|also|once|then|always|never|even|already|clearly|repeatedly)){0,2}"
_HEARER = r"(?:[ ]to)?(?:[ ](?:me|us|him|her|them|you|people|reporters|everyone|everybody|[A-Z][\w’'-]+))?"
# Marks within marks; a single closing mark before a letter is an apostrophe.
_MARKED = (
    r"[,:]?[ ](?:[‘'](?P<single>\w[^‘“”\"\n]{2,300}?)[’'](?!\w)"
    r"|“(?P<curly>\w[^“”\n]{2,300})”|\"(?P<straight>\w[^\"\n]{2,300})\")"
)
_CLAUSE = r"[ ]that[ ](?P<clause>[^\n.!?;”\"]{3,300})"
_MAXIMUM_CONTENT = 4_000


@cache
def _pattern() -> re.Pattern[str]:
    forms = "|".join(sorted(load_cues().nested_forms, key=len, reverse=True))
    return re.compile(rf"{_SOURCE}{_HELPERS}[ ](?P<cue>{forms}){_HEARER}(?:{_CLAUSE}|{_MARKED})")


def find_nested(text: str, outer: list[Attribution]) -> list[Attribution]:
    """Attributions inside the contents of `outer`: a source, its cue, and a that-clause or words in inner marks.

    Only speech counts, and only what stands in one piece of a content. A cue that attributes already is passed over.
    """
    cues = {item.cue for item in outer}
    return [
        nested
        for item in outer
        for start, end in item.segments
        if end - start <= _MAXIMUM_CONTENT
        for match in _pattern().finditer(text, start, end)
        if (nested := _to_attribution(text, match)) is not None and nested.cue not in cues
    ]


def _to_attribution(text: str, match: re.Match[str]) -> Attribution | None:
    content = "clause" if match["clause"] else "marked"
    segment: Offsets | None = trim_offsets(text, *match.span(match.lastgroup or 0))
    if segment is None:
        return None
    return Attribution([segment], match.span("cue"), match.span("source"), f"nested_{content}")
