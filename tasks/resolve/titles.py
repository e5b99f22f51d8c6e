"""Titles printed beside a person's name: found, normalised, compared."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

TITLES_FILE = Path(__file__).with_name("titles.toml")
PHRASES_FILE = Path(__file__).with_name("phrases.toml")
COUNTRIES_FILE = Path(__file__).with_name("countries.toml")
_SMALL_WORDS = {"of", "the", "for", "a", "an", "and", "at", "in", "to", "s"}
_WORD = re.compile(r"[\w.&’'-]+")
_MAXIMUM_WORDS = 10
# Titles kept as normalised: a few megabytes. Joining people asks for the same ones over and over.
KEPT_TITLES = 20_000
_ADDRESSES = {"mr", "mrs", "ms", "sir", "dame", "lady", "lord", "dr"}
_COUNTRY_SHORT = {"us": "US", "uk": "UK", "eu": "EU", "un": "UN"}
_CLAUSE_VERBS = (
    r"who|which|that|said|says|told|was|is|has|had|will|can|could|would|suggests?|argues?|argued|explains?|explained|"
    r"wrote|writes|thinks|believes|warned|added"
)
# A stop behind a letter that a capital follows ends nothing, unless a sentence begins: "the U.S. Attorney", "under
# George W. Bush", but "director of the F.B.I. She left". Nor does one behind two letters that goes on ("U.S. envoy").
_SENTENCE_HEAD = r"(?![ \u00a0](?:An?|But|He|Her|His|I|In|It|Its|On|She|That|The|Their|They|This|We|When|You)\b(?!\.))"
_SHORT_STOP = (
    rf"(?:(?<=\b[A-Z])\.{_SENTENCE_HEAD}(?=[ \u00a0]?[A-Z]|-)|(?<=\b[A-Z]\.[A-Z])\.(?=,|[ \u00a0][a-z])"
    r"|(?:(?<=\b(?:St|Dr|Mr|Ms))|(?<=\bMrs))\.(?=[ \u00a0][A-Z]))"
)
_CLAUSE_END = rf"(?=\s*(?:[,;:(\n–—“\"]|(?!{_SHORT_STOP})\.|$|\s(?:{_CLAUSE_VERBS})\b))"
# An apposition after the name: to the next comma, stop, dash, relative word or verb of saying.
_APPOSITION = re.compile(
    rf",\s+(?:(?:the|an?|another|its|his|her|their)\s+)?((?:[^,.;:()“”\"\n–—]|{_SHORT_STOP}){{3,90}}?){_CLAUSE_END}"
)
# A title that scraping glued to the name's end.
_GLUED_TITLE = re.compile(rf"((?:[A-Z][a-z]+|[A-Z]{{2,4}})\b[^,.;:()“”\"\n–—]{{0,80}}?){_CLAUSE_END}")
# What says whose office it is without a name: "the company's chief executive".
_OWNER_OR_ARTICLE = re.compile(
    r"^(?:(?:[Tt]he|[Aa]n?|[Aa]nother|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir)\s+)?(?:[a-z]+[’']s\s+)?"
)
_RELATIVE_CLAUSE = re.compile(r"\s(?:who|whose|which)\s.*", re.DOTALL)
# Whose something it is that a sign parts from its owner: "manager of BMW's “i” group".
_OWNER_AT_END = re.compile(
    r"\s(?:of|at|for|with|to|in|from)\s(?:(?!(?:of|at|for|with|to|in|from)\b)[\w.&’'-]++\s)*+[\w.&-]+[’']s$"
)
# "Author of “The Long Pier”": the work stands in marks.
_PREPOSITION_AT_END = re.compile(r"\s(?:of|at|for|with|to|in|from|behind)(?:\s(?:the|an?))?$")
# One that lost the comma before it.
_LOST_COMMA = re.compile(r" ((?:[A-Z][\w’'-]+ )+(?:of|for) (?:the )?[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*)")
# What a title before a name does not reach over. A stop right before the name ends a sentence, unless it is short for
# an office: "the German envoy. Nora Lind", but "Sen. Nora Lind". None behind two letters does: "U.S. Senator Nora Lind"
# A set of characters comes first: the search leaps from one of them to the next.
_BREAK = re.compile(
    r"[\n“”\"():;,.!?](?:(?<=[\n“”\"():;])|(?<=,)\s|(?<=[.!?])(?:"
    r"(?<!\bLt[.!?])(?<!\bMaj[.!?])(?<!\bBrig[.!?])(?<!\b[A-Z]\.[A-Z][.!?])\s+(?=[A-Z])"
    r"|(?:(?<=\b[a-z]{4}[.!?])|(?<=\b[A-Za-z][a-z]{4}[.!?])|(?<=[a-z]{6}[.!?]))\s+$))"
)
_HYPHENATED = re.compile(r"\b([a-z]{3,})-([a-z]+)\b")
_AND = re.compile(r"\sand\s")
_ENDS_WITH_PREPOSITION = re.compile(
    r"\b(?:for|to|of|under|with|by|from|in|at|against|about)(?: (?:the|his|her|its|their))?$"
)
# A title before the name and a comma: "The mayor of Eastmere, Ada Cole," and "Brennick's chief engineer, Tove Lind."
_BEFORE_COMMA = re.compile(
    r"(?:^|[.!?;:(\n“\"–—]\s*|,\s|\b(?:by|to|with|and|from|for|of|met|told|asked|while|when|but|as|that)\s)"
    r"(?:the|its|his|her|their|an?|[A-Z][\w.-]*(?:\s(?:of\s|the\s)?[A-Z][\w.-]*){0,4}[’']s?)\s+"
    r"([^,.;:()“”\"\n]{3,80}),\s+$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class TitleWords:
    """The lexicon of titles.toml, in sets of lower-case words."""

    heads: frozenset[str]
    modifiers: frozenset[str]
    ranks: frozenset[str]
    honorifics: dict[str, str | None]
    gendered: dict[str, str]
    person_nouns: frozenset[str]
    strangers: frozenset[str]
    clause_words: frozenset[str]
    tenures: frozenset[str]
    portfolios: frozenset[str]
    equals: dict[str, str]
    spelled_out: dict[str, str]
    beside_office: frozenset[str]
    same_office: dict[str, str]
    walks: dict[str, frozenset[str]]
    parties: dict[str, str]
    states: dict[str, str]
    only_before: dict[str, tuple[str, ...]]
    chiefs: frozenset[str]
    envoys: frozenset[str]
    said_in: frozenset[str]


@cache
def load_title_words() -> TitleWords:
    """The lexicon of titles.toml."""
    data = tomllib.loads(TITLES_FILE.read_text("utf-8"))
    honorifics: dict[str, str | None] = {}
    for gender, words in data["honorifics"].items():
        honorifics.update(dict.fromkeys(words, None if gender == "neutral" else gender))
    return TitleWords(
        heads=frozenset(data["offices"]["heads"]),
        modifiers=frozenset(data["offices"]["modifiers"]),
        ranks=frozenset(data["offices"]["ranks"]),
        honorifics=honorifics,
        gendered={word: gender for gender, words in data["gendered"].items() for word in words},
        person_nouns=frozenset(data["person_nouns"]["words"]),
        strangers=frozenset(data["strangers"]["words"]),
        clause_words=frozenset(data["clause_words"]["words"]),
        tenures=frozenset(data["offices"]["tenures"]),
        portfolios=frozenset(data["offices"]["portfolios"]),
        equals=data["spelled_out"]
        | {variant: word for word, variants in data["equal"].items() for variant in variants},
        spelled_out=data["spelled_out"],
        beside_office=frozenset(data["offices"]["beside_office"]),
        same_office=data["same_office"],
        walks=_read_walks(data["walks_of_life"]),
        parties=data["parties"],
        states=data["states"],
        chiefs=frozenset(data["offices"]["chiefs"]),
        said_in=frozenset(data["said_in"]["nouns"]),
        envoys=frozenset(data["offices"]["envoys"]),
        only_before={word: tuple(following) for word, following in data["only_before"].items()},
    )


def _read_walks(walks: dict[str, list[str]]) -> dict[str, frozenset[str]]:
    """The walks of life by office."""
    heads = {head for offices in walks.values() for head in offices}
    return {head: frozenset(walk for walk, offices in walks.items() if head in offices) for head in heads}


@cache
def load_countries() -> dict[str, str]:
    """The common name by every name and adjective of a country, all in lower case."""
    names = tomllib.loads(COUNTRIES_FILE.read_text("utf-8"))["names"]
    return {variant: country for country, variants in names.items() for variant in [country, *variants]}


@cache
def load_unions() -> frozenset[str]:
    """The common names of the unions of countries among those of `load_countries`."""
    return frozenset(tomllib.loads(COUNTRIES_FILE.read_text("utf-8"))["unions"]["names"])


_WORD_BEFORE = re.compile(r"\b([A-Z][a-z]{0,8})\.?\s+$")


def honorific_before(text: str, start: int) -> tuple[str | None, str | None]:
    """The form of address ("ms") that stands right before `start`, and the gender it tells."""
    match = _WORD_BEFORE.search(text[max(0, start - 14) : start])
    word = match.group(1).lower() if match else None
    words = load_title_words()
    return (word, words.honorifics[word]) if word in words.honorifics else (None, None)


def title_before(text: str, start: int, *, floor: int = 0) -> str | None:
    """The office printed right before the name that begins at `start`; None where there is none.

    Words are taken to the left, not below `floor`, while they can be part of a title: offices, their modifiers,
    countries, and other capitalised words that stand beside one or follow "of". A title holds an office.
    """
    window = text[max(floor, start - 120) : start]
    *before, window = _BREAK.split(window)
    if before == [""]:
        # Behind the comma of another's name that name's office comes first: "Roe, the mayor and Governor Ann Lind".
        window = _AND.split(window)[-1]
    words = _WORD.findall(window)[-_MAXIMUM_WORDS:]
    # "British diplomat Sir Peter Holm": a form of address stands between.
    while len(words) > 1 and _plain(words[-1]) in _ADDRESSES:
        words.pop()
    first = len(words)
    while first and _may_be_in_title(words, first - 1):
        first -= 1
    while first < len(words) and not (_is_title_word(words[first]) or words[first][:1].isupper()):
        first += 1
    while first < len(words) and _plain(words[first]) in _SMALL_WORDS:
        first += 1
    title = _without_servant(words[first:])
    heads = [place for place, word in enumerate(title) if _plain(word) in load_title_words().heads]
    if (
        not heads
        or _plain(title[-1]) in _SMALL_WORDS
        or (heads[-1] < len(title) - 1 and not _is_complement(title[heads[-1] + 1 :]))
    ):
        return None
    return " ".join(title)


def _without_servant(title: list[str]) -> list[str]:
    """The words behind "for" or "to" where an office stands on both sides: "aide to Senator", said of the senator."""
    heads = load_title_words().heads
    if title and _plain(title[-1]) in heads:
        for place in range(len(title) - 2, 0, -1):
            if title[place] in ("for", "to") and not heads.isdisjoint(map(_plain, title[:place])):
                return title[place + 1 :]
    return title


def _plain(word: str) -> str:
    return re.sub(r"[’']s$", "", word).strip(".").lower()


def _is_title_word(word: str) -> bool:
    words, plain = load_title_words(), _plain(word)
    is_office = plain in words.heads or (plain in words.modifiers and plain not in _SMALL_WORDS)
    return is_office or plain in load_countries()


def _may_be_in_title(words: list[str], place: int) -> bool:
    word = words[place]
    following = load_title_words().only_before.get(_plain(word))
    if following and _plain("".join(words[place + 1 : place + 2])) not in following:
        # "The pivot to Asia under President Lind": no office is called so.
        return False
    if _is_title_word(word):
        return True
    if _plain(word) in _SMALL_WORDS:
        return place > 0 and _plain(words[place - 1]) not in _SMALL_WORDS | {"and"} and word[:1].islower()
    # "Monday" or "On" opens a sentence; it is no part of an office.
    return word[:1].isupper() and _plain(word) not in load_title_words().strangers


def _is_complement(words: list[str]) -> bool:
    """Whether what follows the office says of what: "of Kelm", "for Trade", "State"."""
    return words[0].lower() in _SMALL_WORDS or all(map(_is_title_word, words))


def _begins_title(phrase: str) -> bool:
    first, words = _plain(_WORD.findall(phrase)[0]), load_title_words()
    is_known = first in words.heads or first in words.modifiers or first in load_countries()
    return first not in _SMALL_WORDS and is_known


def title_before_comma(text: str, start: int, end: int) -> str | None:
    """The office in the phrase that the name in [start, end) is in apposition to; None where there is none."""
    if text[start - 2 : start] != ", " or not re.match(
        r"\s*(?:[,.;:)\n–—]|$|\(|said\b|told\b|says\b)", text[end : end + 8]
    ):
        return None
    match = _BEFORE_COMMA.search(text[max(0, start - 130) : start])
    return _title_of_phrase(match.group(1)) if match else None


def title_after(text: str, end: int, *, ceiling: int | None = None, is_full: bool = False) -> str | None:
    """The office in the apposition right after the name that ends at `end`; None where there is none.

    A title that scraping glued to the name counts; behind a full name also one that lost its comma, up to `ceiling`,
    where the next name begins. Where that begins behind the comma, no apposition stands there.
    """
    if glued := _GLUED_TITLE.match(text, end):
        return _title_of_phrase(glued.group(1)) if _begins_title(glued.group(1)) else None
    lost = _LOST_COMMA.match(text, end, ceiling if ceiling is not None else len(text)) if is_full else None
    if lost and _begins_title(lost.group(1)):
        # An office and of what: "Ada Cole Deputy Minister of Kelm"; in "Ada Cole Senior Fellow" nothing tells.
        return _title_of_phrase(lost.group(1).strip())
    match = _APPOSITION.match(text, end)
    if match is None or ceiling == match.start(1):
        # "Cole, Orlov and Kelm's governor Jo Lind": a list, and the next in it.
        return None
    return _title_of_phrase(_without_next_person(text, match, ceiling))


def _without_next_person(text: str, match: re.Match[str], ceiling: int | None) -> str:
    """The apposition up to the office of whoever is named in it, at `ceiling`; empty where it is all theirs.

    "Cole, the mayor and Governor Jo Lind" are two, "Cole, Governor Jo Lind and Orlov" a list; what somebody is "for
    Governor Jo Lind" is theirs as a whole.
    """
    start, stop = match.span(1)
    if ceiling is None or not start < ceiling < stop:
        return match.group(1)
    own = title_before(text, ceiling, floor=start) or ""
    before = text[start:ceiling].rstrip().removesuffix(_AND.split(own)[-1]).rstrip()
    if _ENDS_WITH_PREPOSITION.search(before):
        return match.group(1)
    parts = _AND.split(f" {before} ")
    return "" if len(parts) == 1 else before[: before.rfind("and")]


def _title_of_phrase(phrase: str) -> str | None:
    """The phrase as a title: up to an "and" that no further office follows; None where it holds no office."""
    words = load_title_words()
    phrase = _OWNER_OR_ARTICLE.sub("", phrase.strip())
    if phrase.startswith(("and ", "or ")):
        # "Cole, and a third clerk, Orlov": the next of a list.
        return None
    for no_title in (_RELATIVE_CLAUSE, _said_in(), _OWNER_AT_END, _PREPOSITION_AT_END):
        phrase = no_title.sub("", phrase)
    phrase = _until_other_and(phrase)
    printed = _WORD.findall(phrase)
    # "An engineer's son" is no engineer.
    plain = ["" if re.search(r"[’']s?$", word) else _plain(word) for word in printed]
    place = next((place for place, word in enumerate(plain[:7]) if word in words.heads), None)
    if place is None or len(plain) > 14 or any(map(_is_verbal, printed[:place])):
        return None
    behind = printed[place + 1 : place + 2]
    if behind and behind[0].islower() and not _continues_title(behind[0]):
        return None
    return phrase


@cache
def _said_in() -> re.Pattern[str]:
    """Where somebody says what stands around the title: "the mayor in a statement on Monday"."""
    nouns = "|".join(map(re.escape, sorted(load_title_words().said_in)))
    return re.compile(rf"\s(?:in|during|at)\s(?:an?|the|his|her|their)\s(?:[\w-]+\s){{0,2}}(?:{nouns})\b.*", re.DOTALL)


def _continues_title(word: str) -> bool:
    plain, words = _plain(word), load_title_words()
    return plain in _SMALL_WORDS | {"at", "with", "who", "from", "on", "or", "since", "until", "during"} or (
        plain in words.heads or plain in words.modifiers
    )


def _until_other_and(phrase: str) -> str:
    words = load_title_words()
    for match in re.finditer(r"(?<!\s)\s++and\s+", phrase):
        rest = [_plain(word) for word in _WORD.findall(phrase[match.end() :])[:4]]
        is_title = any(word in words.heads or word in words.modifiers for word in rest)
        is_name = phrase[match.end() : match.end() + 1].isupper() and phrase[: match.start()].split()[-1][:1].isupper()
        if not is_title and not is_name:
            return phrase[: match.start()]
    return phrase


def _is_verbal(word: str) -> bool:
    """Whether the word before an office shows that a clause stands there, not a title."""
    if word.lower() in load_title_words().clause_words:
        return True
    return word.islower() and word.endswith(("ed", "ing")) and word not in load_title_words().modifiers


@lru_cache(KEPT_TITLES)
def normalize_title(title: str) -> str:
    """The title in lower case, countries under one name, small words dropped: "us deputy secretary state"."""
    lowered = re.sub(r"[’']s\b", "", title.lower())
    lowered = _country_pattern().sub(lambda match: load_countries()[match.group()], lowered)
    lexicon = load_title_words()
    equals = lexicon.equals
    # "Vice-President" is "Vice President"; "co-founder" has no other form.
    lowered = _HYPHENATED.sub(
        lambda match: (
            " ".join(match.groups()) if lexicon.modifiers | lexicon.heads >= {*match.groups()} else match.group()
        ),
        lowered,
    )
    lowered = lowered.replace("chief executive officer", "chief executive").replace("undersecretary", "under secretary")
    found = [word.strip(".'’-") for word in _WORD.findall(lowered)]
    words = [equals.get(word, word) for word in found if word and word not in _SMALL_WORDS]
    countries = set(load_countries().values())
    places = [word for word in words if word in countries]
    return " ".join(dict.fromkeys([*places, *(word for word in words if word not in countries)]))


@cache
def _country_pattern() -> re.Pattern[str]:
    """Any name of a country, in lower case."""
    names = "|".join(re.escape(name) for name, _ in _longest_first())
    return re.compile(rf"(?<![\w.])(?:{names})(?!\w)")


@cache
def _longest_first() -> list[tuple[str, str]]:
    return sorted(load_countries().items(), key=lambda pair: -len(pair[0]))


@cache
def _country_of_office() -> re.Pattern[str]:
    """Any name of a country with what ties it to an office: "of the Netherlands", "France's"."""
    names = "|".join(re.escape(name) for name, _ in _longest_first())
    return re.compile(rf"(?:\b(?:of|for)\s+(?:the\s+)?)?(?<![\w.])({names})(?:[’']s?)?(?![\w])", re.IGNORECASE)


@lru_cache(KEPT_TITLES)
def office_and_country(title: str) -> tuple[str, str | None]:
    """The office in full words with capitals, and the country it is of: ("Deputy Secretary of State", "US").

    A title of two countries ("US envoy to Iran") keeps the second.
    """
    country = None
    phrase = re.sub(r"^(?:the|an?|its|his|her|their)\s+", "", title.strip(), flags=re.IGNORECASE)
    if found := _country_of_office().search(phrase):
        name = load_countries()[found.group(1).lower()]
        country = _COUNTRY_SHORT.get(name, name.title())
        phrase = f"{phrase[: found.start()]} {phrase[found.end() :]}"
    words = []
    for word in phrase.replace("’", "'").split():
        plain = word.strip(".,").lower()
        full = load_title_words().spelled_out.get(plain, word if not word.islower() else plain)
        words.append(full if plain in _SMALL_WORDS else " ".join(part[:1].upper() + part[1:] for part in full.split()))
    while words and words[0].lower() in _SMALL_WORDS:
        words.pop(0)
    while words and words[-1].lower() in _SMALL_WORDS:
        words.pop()
    return " ".join(words) or title, country


def gender_of_title(title: str) -> str | None:
    """Gender that the words of a title tell; None where they do not."""
    gendered = load_title_words().gendered
    return next((gendered[word] for word in title.lower().split() if word in gendered), None)


_GENDERED_APPOSITION = re.compile(r",\s+(?:\d\d,\s+)?((?:(?:a|an|the|his|her|their|its)\s+)?[^,.;:\n“”\"]{3,60})")


def gender_of_apposition(text: str, end: int) -> str | None:
    """Gender that the noun of the apposition behind a name tells: "a mother of two", "the union's businesswoman"."""
    match = _GENDERED_APPOSITION.match(text, end)
    if match is None:
        return None
    words = [word.lower() for word in _WORD.findall(match.group(1))]
    clause = next((n for n, word in enumerate(words) if word in load_title_words().clause_words), len(words))
    stop = next((n for n, word in enumerate(words[:clause]) if n and word in ("of", "for", "in", "from", "to")), clause)
    return load_gendered_nouns().get(words[stop - 1]) if stop else None


@cache
def load_gendered_nouns() -> dict[str, str]:
    """Gender by noun for one person, from phrases.toml."""
    people = tomllib.loads(PHRASES_FILE.read_text("utf-8"))["people"]
    return {word: gender for gender in ("female", "male") for word in people[gender]}
