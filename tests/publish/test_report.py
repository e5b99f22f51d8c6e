import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tasks.publish.report import (
    count_things,
    describe_values,
    format_number,
    join_words,
    name_unit,
    write_report,
)
from tasks.publish.report_reading import read_report
from tasks.publish.report_views import make_anchor, source_name, web_address
from tests.made_up_tables import FERRY, LENGTH, MADE_UP, OLSEN, MadeUp, made_up_rows, write_staged

CHROMIUM = shutil.which("chromium")
HOSTILE = (
    "</script><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
    "<svg onload=document.title='run'></svg> </style><style>*{display:none}</style> "
    "<a href=\"javascript:document.title='run'\">x</a> \u2028\u2029 {{ 7*7 }} {% raw %} ' \" & <!-- ]]>"
)
LOADING = {"img", "iframe", "object", "embed", "link", "video", "audio", "source", "form", "base", "frame", "applet"}


class PageReader(HTMLParser):
    """Collects what a page holds: its tags with attributes, its ids, its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, attribute: str) -> list[str]:
        return [values[attribute] or "" for _, values in self.tags if attribute in values]


def write_page(folder: Path, inputs: list[MadeUp] | None = None) -> Path:
    return write_report(write_staged(folder / "staged", made_up_rows(inputs)), folder / "report.html")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> PageReader:
    return PageReader(write_page(tmp_path_factory.mktemp("report")).read_text("utf-8"))


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page whose every text column holds markup and script."""
    item = MadeUp(f"{HOSTILE}.txt", f"{HOSTILE} he said.\n\nAD {HOSTILE}", HOSTILE, HOSTILE, FERRY)
    item.quotes = [{"content": HOSTILE, "speaker": None, "cue": "said", "who": (OLSEN, HOSTILE), "title": HOSTILE}]
    item.titles = [(OLSEN, HOSTILE, True)]
    item.removed = [(f"\n\nAD {HOSTILE}", "advertisement")]
    item.url = "javascript:document.title='run'"
    other = MadeUp("b.txt", f"{HOSTILE} b he said.", HOSTILE, f"b {HOSTILE}", FERRY)
    other.quotes = list(item.quotes)
    rows = made_up_rows([item, other])
    for row in (*rows["quarantine"], *rows["entities"], *rows["runs"]):
        for name in ("source_uri", "observed", "expected", "check_name", "name", "aliases", "usual_title", "inputs"):
            if hasattr(row, name):
                setattr(row, name, HOSTILE)
    folder = tmp_path_factory.mktemp("hostile")
    return write_report(write_staged(folder / "staged", rows), folder / "report.html")


def test_report_tells_the_story_in_its_first_lines(page: PageReader) -> None:
    flat = " ".join(page.text.split())
    assert "4 articles from 4 outlets tell 2 stories. 5 quotations, 4 with a named speaker." in flat
    assert "Disagreement on meeting: 7, 7.5 or 8 hours." in flat
    assert "The most shared, in 3 outlets and 2 wordings" in flat
    assert "Bjørk Olsen is harbour minister or fisheries minister" in flat
    assert "5 inputs = 4 articles + 0 exact duplicates + 1 refused" in flat


def test_report_marks_the_words_that_differ(tmp_path: Path) -> None:
    text = write_page(tmp_path).read_text("utf-8")
    assert "The boats will <mark>sail</mark> on Friday" in text
    assert 'title="leaves out: whatever happens"' in text


def test_report_tells_quotations_from_reported_speech(page: PageReader) -> None:
    marks = [values.get("class") for tag, values in page.tags if tag == "span"]
    assert marks.count("quote") == 1 + sum(quote.kind != "indirect" for item in MADE_UP for quote in item.quote_rows())
    assert marks.count("reported") == 1 + sum(
        quote.kind == "indirect" for item in MADE_UP for quote in item.quote_rows()
    )


def test_report_shows_removed_text_with_its_reason(page: PageReader) -> None:
    removed = [values for tag, values in page.tags if tag == "del" and "title" in values]
    assert "advertisement, rule made_up_advertisement" in [values["title"] for values in removed]


def test_report_has_every_quotation_with_a_link_to_its_place(page: PageReader) -> None:
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    wanted = {make_anchor("q", quote.quote_id) for item in MADE_UP for quote in item.quote_rows()}
    assert wanted <= set(ids)
    inside = {address[1:] for address in page.values("href") if address.startswith("#")}
    assert wanted <= inside <= set(ids)


def test_report_loads_nothing(page: PageReader) -> None:
    assert not LOADING & {tag for tag, _ in page.tags}
    assert not page.values("src")
    assert all(address.startswith(("#", "https://")) for address in page.values("href"))


def test_report_is_the_same_for_the_same_tables(tmp_path: Path) -> None:
    assert write_page(tmp_path / "a").read_bytes() == write_page(tmp_path / "b").read_bytes()


def test_report_of_no_articles_says_so(tmp_path: Path) -> None:
    rows = made_up_rows([])
    text = write_report(write_staged(tmp_path / "staged", rows), tmp_path / "report.html").read_text("utf-8")
    assert "No input was an article." in text
    assert "0 articles from 0 outlets" in text


def test_report_keeps_text_whose_edits_do_not_fit(tmp_path: Path) -> None:
    rows = made_up_rows()
    for span in rows["removed_spans"]:
        span.end_char += 3
    text = write_report(write_staged(tmp_path / "staged", rows), tmp_path / "report.html").read_text("utf-8")
    assert "She would not name a price." in text
    assert "</span> [advert]" in text


def test_report_holds_no_markup_of_hostile_text(hostile_page: Path) -> None:
    page = PageReader(hostile_page.read_text("utf-8"))
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert [tag for tag, _ in page.tags].count("style") == 1
    assert not LOADING & {tag for tag, _ in page.tags}
    assert not [name for _, values in page.tags for name in values if name.startswith("on") or name == "style"]
    assert not [address for address in page.values("href") if not address.startswith("#")]
    assert "{{ 7*7 }}" in page.text
    assert not set("\u2028\u2029") & set(hostile_page.read_text("utf-8"))


def test_report_allows_only_its_own_script(hostile_page: Path) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', hostile_page.read_text("utf-8"))
    assert policy is not None
    assert policy[1].startswith("default-src &#39;none&#39;")
    assert "unsafe" not in policy[1]


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
def test_report_runs_no_script_of_hostile_text_in_a_browser(hostile_page: Path, tmp_path: Path) -> None:
    dumped = dump_dom(hostile_page, tmp_path)
    page = PageReader(dumped)
    assert "<title>Who said what: the record</title>" in dumped
    # The page's own script ran: it opens the place a link leads to.
    assert [values for tag, values in page.tags if tag == "details" and values.get("id", "").startswith("a-")]
    assert not {"img", "iframe"} & {tag for tag, _ in page.tags}
    assert [tag for tag, _ in page.tags].count("script") == 1


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
def test_report_opens_the_place_a_link_leads_to(tmp_path: Path) -> None:
    path = write_page(tmp_path)
    [quote] = MADE_UP[0].quote_rows()
    page = PageReader(dump_dom(path, tmp_path, "#" + make_anchor("q", quote.quote_id)))
    opened = [values["id"] for tag, values in page.tags if tag == "details" and "open" in values and "id" in values]
    assert make_anchor("a", MADE_UP[0].article_id) in opened


def dump_dom(path: Path, folder: Path, fragment: str = "") -> str:
    """The page's markup after Chromium has run it."""
    command = [
        CHROMIUM or "", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", f"--user-data-dir={folder / 'profile'}",
        "--virtual-time-budget=2000", "--dump-dom", path.as_uri() + fragment,
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://a.example/x?y=1", "https://a.example/x?y=1", id="https"),
        pytest.param("http://a.example", "http://a.example", id="http"),
        pytest.param("javascript:alert(1)", None, id="script"),
        pytest.param("JaVaScRiPt:alert(1)", None, id="script-in-other-case"),
        pytest.param("\tjavascript:alert(1)", None, id="script-after-a-tab"),
        pytest.param("data:text/html,x", None, id="data"),
        pytest.param("//a.example", None, id="no-scheme"),
        pytest.param("https://", None, id="no-host"),
        pytest.param("http://[", None, id="broken"),
        pytest.param(None, None, id="none"),
    ],
)
def test_web_address_lets_only_web_pages_be_linked(url: str | None, expected: str | None) -> None:
    assert web_address(url) == expected


def test_make_anchor_leaves_only_plain_characters() -> None:
    assert make_anchor("q", 'ab12:3:4"><script>') == "q-ab12-3-4-script-"


def test_source_name_is_the_last_part() -> None:
    assert source_name("inbox/day/ferry.jsonl#L3") == "ferry.jsonl#L3"


def test_describe_values_names_the_unit_once(tmp_path: Path) -> None:
    report = read_report(write_staged(tmp_path))
    [quantity] = [view for story in report.stories for view in story.quantities]
    assert quantity.group.figure_group_id == LENGTH
    assert describe_values(quantity) == "7, 7.5 or 8 hours"


def test_describe_values_keeps_units_that_differ(tmp_path: Path) -> None:
    rows = made_up_rows()
    rows["figures"][0].unit = "foot"
    report = read_report(write_staged(tmp_path, rows))
    [quantity] = [view for story in report.stories for view in story.quantities]
    assert describe_values(quantity) == "7 feet, 7.5 hours or 8 hours"


@pytest.mark.parametrize(
    ("unit", "number", "expected"),
    [("hour", 1, "hour"), ("hour", 2, "hours"), ("foot", 8, "feet"), ("USD", 5, "USD"), ("percent", 5, "%"),
     ("nautical_mile", 3, "nautical miles"), ("count", 3, "")],
)  # fmt: skip
def test_name_unit_agrees_in_number(unit: str, number: float, expected: str) -> None:
    assert name_unit(unit, number) == expected


@pytest.mark.parametrize(("value", "expected"), [(7.0, "7"), (7.5, "7.5"), (100000.0, "100,000"), (0.125, "0.125")])
def test_format_number_writes_it_as_people_do(value: float, expected: str) -> None:
    assert format_number(value) == expected


def test_join_words_makes_a_list_of_a_sentence() -> None:
    assert [join_words(list("abc"[:size]), "or") for size in range(4)] == ["", "a", "a or b", "a, b or c"]


def test_count_things_agrees_in_number() -> None:
    assert [count_things(number, "copy", "copies") for number in (0, 1, 2)] == ["0 copies", "1 copy", "2 copies"]
