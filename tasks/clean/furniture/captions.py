"""Picture captions and credits that stand among the paragraphs of a text."""

import re
from dataclasses import dataclass
from functools import cache

from tasks.clean.fields.dates import find_dates
from tasks.clean.fields.headline import is_outlet_name
from tasks.clean.furniture.rules import reports_speech
from tasks.clean.lines import Line
from tasks.clean.tables import load_table

PREFIX = re.compile(
    r"(?:(?:(?:cover|file|main|lead|featured|top|representative|above|below|archive) )?"
    r"(?:photo(?:graph)?|image|picture|pic|illustration|screenshot|screengrab)s?"
    r"(?P<credit>\s+(?:credits?|source|by|courtesy(?: of)?|from))?(?: caption)?\s*(?:[:|]|\s[–—-]\s)\s*"
    r"|(?P<only_credit>(?:(?:(?:photo|image|picture|video) )?credits?|photographer)\s*:\s*)"
    r"|(?P<source>(?:image|media|video|photo) (?:copyright|source),?\s*(?=[A-Z\d]))"
    r"|(?:image|media|video|photo) caption,?\s+(?=[A-Z\d])"
    r"|(?:image |photo |media )?caption\s*:\s*|FILE\s*(?:[–—-]|PHOTO\b)\s*+(?::\s*+)?(?=\S))",
    re.IGNORECASE,
)
# "Image copyright Jo Ford Image caption The pier in May": the labels that are read aloud.
LABELLED = re.compile(
    r"(?:image|media|video|photo) (?:copyright|source),?\s+(?P<credit>[A-Z\d][^\n]{1,80}?),?\s+"
    r"(?:image|media|video|photo) caption,?\s+(?P<text>[A-Z\d“\"‘][^\n]*)",
    re.IGNORECASE,
)
# A line with a prefix starts with one of these, or with a bracket.
PREFIX_STARTS = frozenset(
    ("ab", "ar", "be", "ca", "co", "cr", "fe", "fi", "il", "im", "le", "ma", "me", "ph", "pi", "re", "sc", "to", "vi")
)
PREFIX_WORDS = re.compile("photo|image|pic|illustration|screen|credit|caption|file")
PREFIX_REACH = 40
PHOTO_BY = re.compile(
    r"[(\[]?(?:photos?|photograph(?:ed|s)?|pictures?|images?|illustrations?) (?:by|courtesy of|courtesy|via)\s+\S",
    re.IGNORECASE,
)
# "The pier in May. Photo: Ada Cole"
GLUED_CREDIT = re.compile(
    r"(?<=[.!?…”\"’)])\s*(?:photo(?:graph(?:er)?)?|image|picture|illustration|video)s?(?: credits?)?"
    r"(?:\s*:\s*| by | courtesy(?: of)?:? )(?P<credit>[A-Z][^.!?:\n]{1,80})$",
    re.IGNORECASE,
)
# "The pier in May Credit Ada Cole for The Harbour Times": the word stands in captions only.
CREDIT_OF_PAPER = re.compile(
    r"(?:^|(?<=\S) )Credit:? "
    r"(?P<credit>[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){0,3}(?:/| for |,? via )(?:The )?[A-Z][^.!?\n]{1,60})$"
)
# "(Photo: Ada Cole, Harbour News)"
BRACKETED_CREDIT = re.compile(
    r"\(\s*(?:photo|image|picture)s?(?:\s*+:\s*+|\s+(?:by|credit|courtesy(?: of)?)(?:\s*+:)?\s++)"
    r"(?P<credit>[^()\n]{2,90})\)\.?$",
    re.IGNORECASE,
)
PART = r"[A-Z][\w.&'’-]*(?:[ ](?:[A-Z\d][\w.&'’-]*|via|of|de|van|von|el|al|for|the|&)){0,6}"
CREDIT_START = r"(?:^|(?<=[.!?…”\"’)\]\d])[ \u00a0]*|(?:^|(?<=[ \u00a0]))(?:\|[ \u00a0]+|(?=\(c\)[ \u00a0]))|[(\[])"
CREDIT = re.compile(
    rf"{CREDIT_START}(?P<credit>(?:(?:©|\(c\))\s*)?{PART}(?:(?:\s*[/|,]\s*|[ ][-–][ ]){PART}){{0,6}}(?:, file)?)"
    r"\s*[)\]]?\.?$"
)
# "(@acole via Twitter)"
HANDLE_CREDIT = re.compile(
    r"\((?P<credit>@\w{2,30}(?: via |\s?/\s?)(?:Twitter|X|Instagram|Facebook|TikTok|YouTube))\)\.?$"
)
# No match of GLUED_CREDIT is without one of these.
MAKERS = ("photo", "image", "picture", "illustration", "video")
# Without one of these a credit is the bare name of a picture agency, which ends the line.
PARTING = ("/", "|", "(", "[", "via", "usa today", "getty", "ap photo")
OF_FILES = (", file", ", file)", ", file]")
# A credit is short; a longer one is a list of names.
CREDIT_REACH = 140
PERSON = re.compile(r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,3}")
# A line that is a person and the outlet behind a stroke: "Jo Ford / Coast News"
SIGNED = re.compile(rf"{PERSON.pattern}\s*/\s*[A-Z][\w.&'’-]*(?: [A-Z][\w.&'’-]*){{0,3}}")
VIA = re.compile(r"\svia\s", re.IGNORECASE)
SIDE = re.compile(
    r",\s(?:(?:second|third) from )?(?:left|right|center|centre)\b|\((?:left|right|center|centre|[LRC])\)"
    r"|\b(?:pictured|seen here|clockwise)\b",
    re.IGNORECASE,
)
# "Pictured in court, she did not look up.": who is pictured acts in the report.
PICTURED_SOMEONE = re.compile(r"(?:pictured|seen here)\b[^,:]*, (?:he|she|they|it|we|I)\b", re.IGNORECASE)
# No match of SIDE is without one of these.
SIDES = ("left", "right", "cent", "pictured", "seen here", "clockwise", "(l)", "(r)", "(c)")
VERBS_OF_SPEECH = re.compile(r"\b(?:said|says|told|added)\b")
SPEECH = re.compile(r"[“”\"]|\b(?:said|says|told|added)\b")
FILE_PICTURE = re.compile(r"\bfile\b|\barchive\b|\bundated\b", re.IGNORECASE)
# The full date that ends a description; a report's lead names the weekday.
DATED_END = re.compile(
    r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d{1,2}, (?:19|20)\d\d"
    r"(?:,? (?:in a )?file (?:photo|picture|image))?\.$"
)
# "A May 3, 2012 photo of Ada Cole", "This undated picture shows": agencies' own words for a picture that is not new.
NAMED_PICTURE = re.compile(
    r"(?:A|An|This|In (?:this|an?)) (?:undated|file|handout|combination"
    r"|(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
    r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d{1,2}, (?:19|20)\d\d,?)"
    r"(?: (?:file|handout|combination|family|booking))? (?:photo|photograph|picture|image)s?\b"
    # What befell the picture is the report's: "A file photo of the pier was used."
    r"(?![^.,]*\b(?:was|were|has|had|have)\b)"
)
ENDS_OF_DATED = (*(f"{digit}." for digit in range(10)), "photo.", "picture.", "image.")
# These verbs tell of coming days, too.
OF_COMING_DAYS = frozenset({"begin", "begins", "leave", "leaves", "meet", "meets"})
MAXIMUM_CAPTION_WORDS = 80
# A credit in brackets leaves little doubt; agencies' longest captions have four sentences.
MAXIMUM_BRACKETED_WORDS = 120
# The makers of several pictures may be named in one line, each with an agency behind a stroke.
MAXIMUM_CREDIT_WORDS = 15
MAXIMUM_LISTED_CREDIT_WORDS = 30
MAXIMUM_SMALL_CREDIT_WORDS = 3
# Leads are long, and tell the day on which what they tell was done.
MINIMUM_NEWS_WORDS = 25
NEWS_DAY = re.compile(r"ed on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
# A description without a credit is short.
MAXIMUM_DESCRIPTION_WORDS = 45
EDGE_LINES = 4
# Three captions and most of the words: the pictures tell the story. So does one without another paragraph.
PICTURE_STORY = 3
MINIMUM_SHARE_OF_CAPTIONS = 0.6
# Of a prefixed caption the words cannot be told from the credit by their place.
CREDITED = ("caption_with_credit", "glued_credit", "credit_line", "photo_by", "credit_prefix")


@dataclass(frozen=True, slots=True)
class FoundCaption:
    """A caption or credit: characters [start, end) of a draft, and the two parts of it."""

    start: int
    end: int
    text: str | None
    credit: str | None
    rule_name: str

    @property
    def category(self) -> str:
        """The removal category: caption, or credit where no words describe the picture."""
        return "caption" if self.text else "credit"

    @property
    def is_dated(self) -> bool:
        """Whether its date may tell when the article appeared: not where the picture is from the files."""
        is_old = self.rule_name == "named_picture"
        return self.text is not None and not is_old and not FILE_PICTURE.search(self.text)


@cache
def _agencies(key: str) -> frozenset[str]:
    return frozenset(load_table("fields/agencies.toml")[key])


@cache
def _strong_agencies() -> tuple[str, ...]:
    return tuple(_agencies("pictures") - _agencies("weak"))


def find_captions(lines: list[Line]) -> list[FoundCaption]:
    """Captions and credits among the lines, in order.

    Where captions make up all or most of the text its pictures tell the story: only the credits are found.
    """
    found: list[FoundCaption] = []
    for index, line in enumerate(lines):
        is_edge = index < EDGE_LINES or index >= len(lines) - 2
        if caption := find_caption(line, is_edge=is_edge, is_tail=index >= max(2, len(lines) - 2)):
            if caption.rule_name == "credit_line" and index and _stands_above_credit(lines[index - 1], found):
                above = lines[index - 1]
                found.append(FoundCaption(above.start, above.end, above.text, caption.credit, "caption_above_credit"))
            found.append(caption)
    found = _with_repeated(found, lines)
    if found and _is_picture_story(found, lines):
        return [_credit_of(caption) for caption in found if caption.rule_name in CREDITED]
    return found


def _with_repeated(found: list[FoundCaption], lines: list[Line]) -> list[FoundCaption]:
    """The captions found, and the lines that print one of them once more without its credit."""
    texts = {caption.text for caption in found if caption.text}
    starts = {caption.start for caption in found}
    again = [line for line in lines if line.text in texts and line.start not in starts]
    found += [FoundCaption(line.start, line.end, line.text, None, "caption_repeated") for line in again]
    return sorted(found, key=lambda caption: caption.start)


def _stands_above_credit(line: Line, found: list[FoundCaption]) -> bool:
    """Whether the line above a photographer's line describes the picture: it ends no sentence, as captions may."""
    is_found = bool(found) and found[-1].start >= line.start
    is_short = 2 <= line.word_count <= MAXIMUM_CAPTION_WORDS
    return not is_found and is_short and not line.ends_sentence and not line.text.endswith((":", ",", ";"))


def _is_picture_story(found: list[FoundCaption], lines: list[Line]) -> bool:
    described = {caption.start for caption in found if caption.text}
    words = sum(line.word_count for line in lines if line.start in described)
    is_most = words >= MINIMUM_SHARE_OF_CAPTIONS * sum(line.word_count for line in lines)
    is_all = not any(line.is_prose and line.start not in described for line in lines)
    return is_all or (is_most and len(described) >= PICTURE_STORY)


def _credit_of(caption: FoundCaption) -> FoundCaption:
    if caption.text is None:
        return caption
    return FoundCaption(caption.start + len(caption.text), caption.end, None, caption.credit, "glued_credit")


def find_caption(line: Line, *, is_edge: bool, is_tail: bool = False) -> FoundCaption | None:
    """The caption or credit that the line is, or that its end is glued to; None where there is none.

    `is_edge` tells that the line stands where lead pictures stand; there a picture description
    needs no credit to be told from prose. `is_tail` tells that it stands where a report names its agency.
    """
    is_prefixed = line.lowered[:2] in PREFIX_STARTS or line.text[0] in "(["
    if is_prefixed and (prefixed := _read_prefixed(line)):
        return prefixed
    body, credit = split_credit(line.text)
    if credit is None and "/" in line.text and SIGNED.fullmatch(line.text):
        body, credit = "", line.text
    if credit and not body:
        return FoundCaption(line.start, line.end, None, credit, "credit_line")
    if (
        credit
        and not _tells_news(line, body)
        and (
            _is_caption(line, body, credit, is_tail=is_tail)
            or (line.word_count <= MAXIMUM_CAPTION_WORDS and _may_be_caption(body, is_edge=is_edge, is_tail=is_tail))
        )
    ):
        return FoundCaption(line.start, line.end, body, credit, "caption_with_credit")
    if credit:
        start = line.start + len(body)
        return FoundCaption(start, line.end, None, credit, "glued_credit")
    if line.text[0] in "AIT" and _names_picture(line):
        return FoundCaption(line.start, line.end, line.text, None, "named_picture")
    if not is_edge or line.word_count > MAXIMUM_DESCRIPTION_WORDS:
        return None
    if not body.endswith(ENDS_OF_DATED) and not any(map(line.lowered.__contains__, SIDES)):
        return None
    is_description = _describes_picture(body, strictly=True) or (not is_tail and _is_dated_scene(body))
    if is_description and not SPEECH.search(body) and not PICTURED_SOMEONE.match(body):
        return FoundCaption(line.start, line.end, line.text, None, "picture_description")
    return None


def _names_picture(line: Line) -> bool:
    """Whether the line says that it is about a picture, and tells nothing that somebody said."""
    is_named = line.word_count <= MAXIMUM_CAPTION_WORDS and NAMED_PICTURE.match(line.text) is not None
    return is_named and VERBS_OF_SPEECH.search(line.text) is None


def _tells_news(line: Line, body: str) -> bool:
    """Whether the sentence before "Photo: Ada Cole" is a report's own: long, with a weekday, and of no picture."""
    is_news = line.word_count >= MINIMUM_NEWS_WORDS and NEWS_DAY.search(body) is not None
    return is_news and GLUED_CREDIT.search(line.text) is not None and not _describes_picture(body)


def _may_be_caption(body: str, *, is_edge: bool, is_tail: bool) -> bool:
    """Whether what stands before a credit may be about its picture: below a report not where it tells what was said."""
    ends_report = is_tail and VERBS_OF_SPEECH.search(body) is not None
    return not _is_speech(body) and ((is_edge and not ends_report) or _describes_picture(body))


def _is_caption(line: Line, body: str, credit: str, *, is_tail: bool) -> bool:
    """Whether the form of the credit alone tells that what it ends describes a picture.

    In brackets a photographer's name does, or a bare agency's above the end of the text, where no one speaks.
    """
    glued = line.text[len(body) :].lstrip()
    if GLUED_CREDIT.search(line.text) or CREDIT_OF_PAPER.search(line.text):
        return line.word_count <= MAXIMUM_CAPTION_WORDS and not VERBS_OF_SPEECH.search(body)
    if not glued.startswith("(") or line.word_count > MAXIMUM_BRACKETED_WORDS:
        return False
    is_bare = credit.lower() in _agencies("pictures")
    return not (is_bare and (is_tail or VERBS_OF_SPEECH.search(body)))


def _read_prefixed(line: Line) -> FoundCaption | None:
    if not PREFIX_WORDS.search(line.lowered, 0, PREFIX_REACH):
        return None
    if line.word_count <= MAXIMUM_CAPTION_WORDS and (labelled := LABELLED.fullmatch(line.text)):
        return FoundCaption(line.start, line.end, labelled["text"], labelled["credit"], "labelled_caption")
    match = PREFIX.match(line.text)
    rest = line.text[match.end() :].strip() if match else ""
    if match and rest and line.word_count <= MAXIMUM_CAPTION_WORDS and not _goes_on(match, rest):
        if match["credit"] or match["only_credit"] or match["source"]:
            longest = MAXIMUM_LISTED_CREDIT_WORDS if "/" in rest else MAXIMUM_CREDIT_WORDS
            is_credit = len(rest.split()) <= longest
            return FoundCaption(line.start, line.end, None, rest, "credit_prefix") if is_credit else None
        body, credit = split_credit(rest)
        return FoundCaption(line.start, line.end, body or None, credit, "caption_prefix")
    if PHOTO_BY.match(line.text) and line.word_count <= 15:
        return FoundCaption(line.start, line.end, None, line.text.strip("()[]. "), "photo_by")
    return None


def _goes_on(match: re.Match[str], rest: str) -> bool:
    """Whether what follows the prefix goes on with its sentence: "Photo: the only one left, he said."

    It starts small and ends in a full stop; a description does so, too, but tells no speech, and no credit does.
    """
    if not rest[:1].islower() or not rest.endswith("."):
        return False
    names_maker = match["credit"] or match["only_credit"]
    return len(rest.split()) > MAXIMUM_SMALL_CREDIT_WORDS if names_maker else reports_speech(rest)


def split_credit(text: str) -> tuple[str, str | None]:
    """The text without the credit at its end, and the credit; None where none ends it.

    A credit names an agency, or a photographer and an agency parted by strokes, or says in brackets that it is one.
    """
    # A credit ends in a name: most paragraphs end in a word in small letters.
    last_word = text[text.rfind(" ", -CREDIT_REACH) + 1 :]
    if last_word[:1].islower() and "/" not in last_word and not text.endswith(OF_FILES):
        return text, None
    content = text[-CREDIT_REACH:].rstrip(" .)]")
    last_word = content[max(content.rfind(" "), content.rfind("/")) + 1 :]
    if not last_word.lstrip("([")[:1].isupper() and not text.endswith(OF_FILES):
        return text, None
    offset = max(0, len(text) - CREDIT_REACH)
    tail = text[offset:]
    lowered = tail.lower()
    if any(map(lowered.__contains__, MAKERS)) and (glued := GLUED_CREDIT.search(tail)):
        return text[: offset + glued.start()].rstrip(), glued["credit"].strip()
    if "credit" in lowered and (paper := CREDIT_OF_PAPER.search(tail)):
        return text[: offset + paper.start()].rstrip(), paper["credit"].strip()
    bracketed = BRACKETED_CREDIT.search(tail) or HANDLE_CREDIT.search(tail) if ")" in tail[-2:] else None
    if bracketed:
        return text[: offset + bracketed.start()].rstrip(), bracketed["credit"].strip()
    if not any(map(lowered.__contains__, PARTING)) and not lowered.rstrip(" .)]").endswith(_strong_agencies()):
        return text, None
    match = CREDIT.search(tail)
    while match and not _is_credit(
        match["credit"],
        bracket=match.group().lstrip()[:1],
        is_glued=match.start() > 0 and match.group()[:1].isalpha(),
    ):
        match = CREDIT.search(tail, match.start() + 1)
    # A match at the cut is no start of a line.
    if match is None or (offset and match.start() == 0):
        return text, None
    return text[: offset + match.start()].rstrip(), match["credit"].strip(" ©.")


def _is_credit(text: str, *, bracket: str, is_glued: bool) -> bool:
    in_brackets = bracket in ("(", "[")
    # "…on 3 May 2021.Jo Ford/Coast Wire": no sentence starts without a space and has a stroke.
    if is_glued and "/" in text:
        return True
    # Beside a stroke a dash parts agencies: "Jo Ford / AFP - Getty Images".
    strokes = text.replace(" - ", "/").replace(" – ", "/") if "/" in text else text
    parts = [
        part.strip(" .©").removeprefix("(c) ")
        for part in VIA.sub("/", strokes).replace("|", "/").replace(",", "/").split("/")
    ]
    lowered = [part.lower() for part in parts]
    named = [part for part in lowered if part in _agencies("pictures") or part.startswith(("ap photo", "getty"))]
    strong = [part for part in named if part not in _agencies("weak")]
    # "Jo Ford, USA TODAY" names the maker of a film; so does "(Jo Ford, The Ellery Post)" that of a picture.
    if len(parts) == 2 and PERSON.fullmatch(parts[0]) and _is_maker(parts[1], in_brackets=bracket == "("):
        return True
    if "/" not in text and "|" not in text and not VIA.search(text) and not in_brackets:
        # Without a stroke only the bare name of a picture agency counts.
        return len(parts) == 1 and bool(strong) and len(strong[0]) > 3
    # In square brackets stand the sources of a figure as well.
    return bool(strong) or (len(parts) >= 2 and bool(named) and "/" in text and bracket != "[")


def _is_maker(name: str, *, in_brackets: bool) -> bool:
    return name.lower().startswith("usa today") or (in_brackets and is_outlet_name(name))


def _describes_picture(body: str, *, strictly: bool = False) -> bool:
    lowered = body.lower()
    sided = any(map(lowered.__contains__, SIDES)) and SIDE.search(body) is not None
    if sided != strictly:
        # Enough where a credit stands beside it; without one, no picture.
        return sided
    return bool(find_dates(body)) or not _agencies("caption_verbs").isdisjoint(re.findall(r"[a-z]+", body))


def _is_dated_scene(body: str) -> bool:
    """Whether the text tells in the present tense what is seen, and ends with the day of it."""
    if not body.endswith(ENDS_OF_DATED) or DATED_END.search(body) is None:
        return False
    return not (_agencies("caption_verbs") - OF_COMING_DAYS).isdisjoint(re.findall(r"[a-z]+", body))


def _is_speech(body: str) -> bool:
    return len(SPEECH.findall(body)) >= 2
