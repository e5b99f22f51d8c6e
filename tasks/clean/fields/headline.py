"""Headlines: parted from section and outlet, or, where none is printed, taken from the lead."""

import re
from dataclasses import dataclass
from functools import cache

from tasks.clean.lines import SENTENCE_MARKS, fold
from tasks.clean.tables import load_table

# Blanks are looked through once, from where they begin.
SEPARATOR = re.compile(r"(?<!\s)\s++(?:[|•·»«]|::|[-–—])\s+|(?:(?<!\s)\s++)?\|\s*")
# No separator is without one of these.
SEPARATING_MARKS = ("|", " - ", " – ", " — ", " • ", " · ", " » ", " « ", " :: ")
MAXIMUM_SUFFIX_WORDS = 5
# "News | Coast | Weather"
ROW_SEPARATOR = re.compile(r"(?:(?<!\s)\s++)?[|/›»>•·]\s*")
MAXIMUM_ROW_NAMES = 5
MAXIMUM_LEAD_WORDS = 25
DOMAIN = re.compile(r"(?:www\.)?[\w-]+\.(?:com|org|net|co\.\w\w|news|info|tv|[a-z]{2})", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’]?\s+(?=[“\"‘]?[A-Z])")
# After these a full stop ends no sentence.
ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Gen|Sen|Rep|Gov|Lt|Col|Capt|Sgt|Prof|Rev|Jr|Sr|Inc|Co|Corp|Ltd|No|vs|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z])\.$"
)
ABBREVIATION_REACH = 8
OPENING_CLAUSE = re.compile(
    r"(?:After|Before|During|When|While|As|Since|Although|Though|Despite|Following|Amid|If|Emerging|Speaking|Citing)\b[^,]{12,160},\s+(?=[A-Z\d“‘\"]|(?:the|a|an)\b)"
)
KICKER = re.compile(r"[A-Z][\w ]{2,30}:\s+(?=[A-Z])")
CLOSING_STOP = re.compile(r"[.,]([”\"’]+)$")
# A comma alone may stand before the verb; these words begin a clause that a headline can do without.
CLAUSE_END = re.compile(
    r",?(?:\s(?:an?|\d+|two|three|four|five|six|seven|eight|nine|ten|several|many)"
    r"\s(?:hour|day|week|month|year)s?(?=\s(?:after|before)\s))?,?"
    r"\s(?P<word>as|after|while|when|because|which|before|amid|following|saying|but|although|though|where|since|"
    r"according to|prompting|leaving|killing)\s|;\s|\s[–—]\s"
)
# Behind these words no clause ends: "the town in which", "just after", "weeks before", "all but".
LEADS_ON = re.compile(
    r"(?:^|[\s(])(?:even|just|only|partly|mostly|largely|shortly|soon|all|in|on|of|at|to|for|from|by|with|than|and|or|"
    r"the|an?|including|being|having|standing|sitting|lying|kneeling|posing|serving|acting|working)$",
    re.IGNORECASE,
)
# "such as", "seen as", "serve as", "killing as many as"
LEADS_ON_TO_AS = re.compile(
    r"(?:^|\s)(?:such|much|many|few|long|far|well|known|seen|described|dismissed|regarded|viewed|"
    r"pos(?:e|es|ed)|(?:act|serv|work)(?:e|s|es|ed)?)$"
)
# "weeks after"
BARE_TIME = re.compile(r"\b(?:hour|day|week|month|year)s$")
# "a much-needed but small sum"
ARTICLE_BEFORE = re.compile(r"(?:^|\s)(?:an?|the|its|their)\s\S+$", re.IGNORECASE)
# "as a mason", "as “lost”": what follows names the thing before it.
NAMED_AS = re.compile(r"(?:an?\s|something\b|[“\"‘'])")
# "the ferry, late": a comma opens what only the rest closes.
OPEN_APPOSITION = re.compile(r",\s[a-z][\w'’-]*(?:\s[\w'’-]+)?$")


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline without what stood behind it, and that: section and outlet."""

    title: str
    section: str | None = None
    outlet_name: str | None = None


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(load_table("fields/headlines.toml")[key])


def split_headline(text: str, *, known_outlet: str | None = None) -> Headline:
    """The headline, and the section and outlet printed behind it; what is neither stays in the title."""
    title, section, outlet = " ".join(text.split()), None, None
    if not any(map(title.__contains__, SEPARATING_MARKS)):
        return Headline(title)
    while separators := list(SEPARATOR.finditer(title)):
        last = separators[-1]
        rest, suffix = title[: last.start()].strip(), title[last.end() :].strip()
        kind = _kind_of_suffix(suffix, is_bar="|" in last.group() or "::" in last.group(), known_outlet=known_outlet)
        if kind is None or len(rest.split()) < 2:
            break
        if kind == "section":
            # Of two names the last is the site's, though "Coast News" alone may be a section.
            outlet = outlet or (section if section and " " in section else None)
            section = suffix
        elif outlet and section is None and not is_outlet_name(suffix, known_outlet=known_outlet):
            # "… | Coast | Harbour Post": the name before the site's is the section's.
            section = suffix
        else:
            outlet = outlet or suffix
        title = rest
    return Headline(title, section, outlet)


def _kind_of_suffix(suffix: str, *, is_bar: bool, known_outlet: str | None) -> str | None:
    words = suffix.lower().split()
    if not words or len(words) > MAXIMUM_SUFFIX_WORDS or suffix[-1] in SENTENCE_MARKS:
        return None
    if is_outlet_name(suffix, known_outlet=known_outlet):
        return "outlet"
    if is_bar:
        return "section" if words[-1] in _words("section_words") else "outlet"
    return "section" if len(words) == 1 and words[0] in {"politics", "world", "business", "sports", "opinion"} else None


def is_outlet_name(text: str, *, known_outlet: str | None = None) -> bool:
    """Whether the text is an outlet's name: a known one, a domain, or capitalised and with an outlet's word."""
    name = text.lower()
    if (known_outlet and fold(text) == fold(known_outlet)) or name in _words("outlets") or DOMAIN.fullmatch(text):
        return True
    words = text.split()
    is_name = len(words) <= MAXIMUM_SUFFIX_WORDS and all(not word[0].isalpha() or word[0].isupper() for word in words)
    holds_word = any(word in _words("outlet_words") for word in name.split())
    return is_name and len(words) >= 2 and holds_word


def is_section_name(text: str) -> bool:
    """Whether a line of its own names a section."""
    words = text.lower().split()
    return 0 < len(words) <= 3 and words[-1] in _words("section_words")


def read_section_row(text: str) -> list[str]:
    """The names of a line that is a row of sections, parted by bars or arrows; empty where it is none."""
    names = [name.strip() for name in ROW_SEPARATOR.split(text)]
    is_row = 2 <= len(names) <= MAXIMUM_ROW_NAMES and all(
        name[:1].isupper() and len(name.split()) <= 3 for name in names
    )
    return names if is_row and any(map(is_section_name, names)) else []


def title_from_lead(paragraph: str) -> str:
    """A headline made of the first sentence: opening clause dropped, cut at a clause to 25 words at most."""
    sentence = KICKER.sub("", first_sentence(" ".join(paragraph.split())), count=1)
    sentence = CLOSING_STOP.sub(r"\1", sentence.rstrip(" .,;:"))
    if opening := OPENING_CLAUSE.match(sentence):
        rest = sentence[opening.end() :]
        if len(rest.split()) >= 6:
            sentence = rest[0].upper() + rest[1:]
    return _shorten(sentence)


def first_sentence(paragraph: str) -> str:
    """The paragraph up to the end of its first sentence."""
    for match in SENTENCE_END.finditer(paragraph):
        if not ABBREVIATION.search(paragraph[max(0, match.start() - ABBREVIATION_REACH) : match.start()]):
            return paragraph[: match.end()].rstrip()
    return paragraph


def _shorten(sentence: str) -> str:
    words = sentence.split()
    if len(words) <= MAXIMUM_LEAD_WORDS:
        return sentence
    limit = len(" ".join(words[:MAXIMUM_LEAD_WORDS]))
    heads = [sentence[: match.start()] for match in CLAUSE_END.finditer(sentence, 0, limit) if _ends_clause(match)]
    if heads and len(heads[-1].split()) >= 6:
        return heads[-1]
    return " ".join(words[: MAXIMUM_LEAD_WORDS - 5]).rstrip(",;:") + "…"


def _ends_clause(match: re.Match[str]) -> bool:
    """Whether what stands before the match can stand alone."""
    head, rest, word = match.string[: match.start()], match.string[match.end() :], match["word"]
    if LEADS_ON.search(head) or OPEN_APPOSITION.search(head):
        return False
    if word == "as" and not match.group().startswith(","):
        return not (LEADS_ON_TO_AS.search(head) or NAMED_AS.match(rest))
    if word in ("after", "before"):
        return not BARE_TIME.search(head)
    return not (word == "but" and ARTICLE_BEFORE.search(head))
