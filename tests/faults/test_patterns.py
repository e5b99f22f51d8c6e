"""Every regular expression of the project takes time in proportion to its text, whatever the text is.

An expression is found by what a run compiles and by reading the source; then it is given texts made to slow it down.
One that is given stretches of a bounded length only, as the source shows, has to be done with them at once.
"""

import os
import time
from collections.abc import Callable

import pytest

from schemas import TABLES
from tasks.clean.furniture.rules import load_rules, make_bare
from tests.faults import subjects
from tests.faults.patterns import Found, find_places, record_patterns
from tests.faults.pumping import Attack, find_slow
from tests.faults.subjects import find_uses, longest_subject

# Fewer would mean that the collector has gone blind: it found 470 when this was written.
FEWEST_PATTERNS = 400
# What reads inputs is given whatever a stranger wrote; all its expressions are tried in every check.
INTAKE, FEWEST_INTAKE_PATTERNS = "tasks/ingest", 25
# Cleaning is given their text; its rules, which are data, are tried by `make faults` with the rest.
CLEANING, FEWEST_CLEANING_PATTERNS = "tasks/clean", 130
PROGRESS_SECONDS = 15
EVERY_PATTERN = "ONRECORD_EVERY_PATTERN"
# Before the name of a column whose values an expression checks.
DECLARED = "schemas:"


@pytest.fixture(scope="module")
def patterns(environment) -> list[Found]:
    """All expressions of the project."""
    columns = [column for table in TABLES.values() for column in table.columns if column.pattern]
    declared = [Found(f"{DECLARED}{column.name}", column.pattern, 0) for column in columns]
    return record_patterns(environment) + declared


@pytest.fixture(scope="module")
def intake_patterns(environment) -> list[Found]:
    """The expressions that are given what comes in, as it comes."""
    return record_patterns(environment, INTAKE)


@pytest.fixture
def tell(capsys):
    """Prints a line at once, whatever pytest does with what tests print."""

    def tell_now(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}", end="", flush=True)

    return tell_now


def find_all_slow(patterns: list[Found], tell: Callable[[str], None]) -> list[str]:
    """What is slow of the expressions, in words; told one by one as it is found, with how far the search is.

    An expression on which a search itself fails is told as well, and those behind it are tried.
    """
    rules = {rule.pattern.pattern: rule for rule in load_rules()}
    slow: list[str] = []
    told_at = time.monotonic()
    for number, found in enumerate(patterns):
        if time.monotonic() - told_at > PROGRESS_SECONDS:
            tell(f"{number} of {len(patterns)} expressions tried, {len(slow)} of them slow")
            told_at = time.monotonic()
        try:
            result = find_slow(found, *limits_of(found, rules))
        except Exception as error:
            slow.append(f"{found.place}: {found.pattern[:80]!r} could not be tried: {error!r}")
            tell(slow[-1])
            continue
        if result:
            slow.append(
                f"{found.place}: {found.pattern[:80]!r} by {result.use} on {result.attack}: {result.seconds:.4f} s"
                f" for {result.length} characters, {result.growth:.0f} times that of a quarter"
            )
            tell(slow[-1])
    return slow


def limits_of(found, rules):
    """How an expression is used, on how many characters at most, and on what text; a rule of furniture tells."""
    if found.place.startswith(DECLARED):
        return {"fullmatch"}, None, str
    rule = rules.get(found.pattern)
    if rule is None:
        return find_uses(found.place), longest_subject(found.place), str
    if rule.longest:
        return {"fullmatch"}, 2 * rule.longest, lambda line: make_bare(line)[0]
    return {"match" if rule.where == "line_start" else "search"}, None, str


@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get(EVERY_PATTERN), reason="takes minutes: `make faults` runs it")
def test_every_expression_takes_time_in_proportion_to_its_text(patterns, tell):
    assert len({found.pattern for found in patterns}) >= FEWEST_PATTERNS
    assert find_all_slow(patterns, tell) == []


@pytest.mark.slow
def test_every_expression_over_what_comes_in_takes_time_in_proportion_to_its_text(intake_patterns, tell):
    assert {place for place in find_places() if place.startswith(INTAKE)} == {one.place for one in intake_patterns}
    assert len({found.pattern for found in intake_patterns}) >= FEWEST_INTAKE_PATTERNS
    assert find_all_slow(intake_patterns, tell) == []


@pytest.mark.slow
def test_every_expression_written_in_cleaning_takes_time_in_proportion_to_its_text(tell):
    patterns = [found for place, found in find_places().items() if found and place.startswith(CLEANING)]
    assert len(patterns) >= FEWEST_CLEANING_PATTERNS
    assert find_all_slow(patterns, tell) == []


@pytest.mark.slow
def test_no_place_that_compiles_an_expression_is_missed(patterns):
    found = {one.place for one in patterns}
    assert [place for place in find_places() if place not in found] == []
    assert len({one.pattern for one in patterns}) >= FEWEST_PATTERNS


def made(pattern: str, flags: int = 0) -> Found:
    return Found("made.py:1", pattern, flags)


@pytest.mark.parametrize(
    ("pattern", "use"),
    [
        pytest.param(r"(?:a+)+b", "match", id="nested repeats"),
        pytest.param(r"(?:\w+\s?)+:", "search", id="words in a row"),
        pytest.param(r"(?:a|a)*b", "match", id="two ways for one letter"),
        pytest.param(r"\s*\|", "search", id="begun anew at each blank"),
        pytest.param(r"<a[^>]*>", "search", id="begun anew at each mark"),
        pytest.param(r"[a-z]*[’']?[a-z]*", "fullmatch", id="neighbours alike"),
        pytest.param(r"(?:[A-Z]\w*\s?){2,5}$", "match", id="a few repeats of many"),
        pytest.param(r"“.*?said.*?”", "search", id="any text, twice"),
    ],
)
def test_find_slow_finds_what_grows(pattern, use):
    assert find_slow(made(pattern), {use}) is not None


@pytest.mark.parametrize(
    ("pattern", "use"),
    [
        pytest.param(r"(?:a++)++b", "match", id="possessive"),
        pytest.param(r"(?<!\s)\s*+\|", "search", id="from where blanks begin"),
        pytest.param(r"\b(?:said|told|added) (?:the|a) \w{1,20}\b", "search", id="words"),
        pytest.param(r"[^\n]+", "search", id="lines"),
        pytest.param(r"\d{1,3}(?:,\d{3})*", "search", id="numbers"),
    ],
)
def test_find_slow_passes_what_does_not(pattern, use):
    assert find_slow(made(pattern), {use}) is None


def test_find_all_slow_tells_each_at_once_and_goes_on(monkeypatch):
    monkeypatch.setattr("tests.faults.test_patterns.PROGRESS_SECONDS", -1)
    told = []
    patterns = [made(r"(?:a+)+b"), made("("), made(r"\d{1,3}"), made(r"\s*\|")]
    monkeypatch.setattr("tests.faults.test_patterns.limits_of", lambda *_: ({"search"}, None, str))
    slow = find_all_slow(patterns, told.append)
    assert [line.partition(" by ")[0].partition(" could")[0] for line in slow] == [
        "made.py:1: '(?:a+)+b'",
        "made.py:1: '('",
        "made.py:1: '\\\\s*\\\\|'",
    ]
    assert [line for line in told if "tried," not in line] == slow
    assert told[-2:] == ["3 of 4 expressions tried, 2 of them slow", slow[-1]]


def test_find_slow_lets_a_bounded_stretch_be_looked_at_more_than_once():
    assert find_slow(made(r"\s*\|"), {"search"}, longest=30) is None
    assert find_slow(made(r"(?:a+)+b"), {"search"}, longest=20) is not None


def test_attack_is_as_long_as_asked():
    assert Attack("x", "ab", "!").text(10) == "xababababab!"


SOURCE = """
import re
REACH = 40
LINE = re.compile(r"a")
def look(text, start, end):
    re.search(r"b", text[:7])
    re.search(r"c", text[max(0, start - 20) : start])
    re.sub(r"d", "", text[start : start + REACH])
    LINE.search(text, max(start, end - REACH), end)
    before = text[-9:]
    re.match(r"e", before)
    re.match(r"f", text)
    joined = re.match(r"h", "by " + text[start:] if end is None else text) if len(text) <= 50 else None
    return [re.findall(r"g", one) for one in text]
def look_at_short(text, other):
    if not text or len(text) > REACH:
        return None
    found = re.search(r"i", f" {text.strip()}")
    return found or re.search(r"j", text + other)
def _made():
    return re.compile(r"k")
def _made_of_any():
    return re.compile(r"l")
def _given_away():
    return re.compile(r"m")
def look_by_made(text):
    return _made().match(text[:12]) or _made_of_any().fullmatch(text) or _given_away
"""


@pytest.fixture
def made_source(monkeypatch, tmp_path):
    """Expressions of a source that stands in for the project's."""
    path = tmp_path / "tasks" / "made.py"
    path.parent.mkdir()
    path.write_text(SOURCE)
    for module in ("patterns", "subjects"):
        monkeypatch.setattr(f"tests.faults.{module}.ROOT", tmp_path)
    subjects._parse.cache_clear()
    subjects._names.cache_clear()
    yield [found for found in find_places().values() if isinstance(found, Found)]
    subjects._names.cache_clear()


def test_longest_subject_reads_the_bound_off_the_source(made_source):
    bounds = {found.pattern: longest_subject(found.place) for found in made_source}
    expected = [40, 7, 20, 40, 9, None, None, 53, 41, None, 12, None, None]
    assert bounds == dict(zip("abcdefghijklm", expected, strict=True))


def test_find_uses_reads_off_the_source_how_an_expression_is_used(made_source):
    uses = {found.pattern: find_uses(found.place) for found in made_source}
    every = {"search", "match", "fullmatch"}
    assert [uses[name] for name in "ade"] == [{"search"}, {"search"}, {"match"}]
    assert [uses[name] for name in "klm"] == [{"match"}, {"fullmatch"}, every]
