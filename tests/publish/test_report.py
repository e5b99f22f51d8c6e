import gzip
import json
import re
from base64 import b64decode
from itertools import accumulate
from pathlib import Path

import pytest

from tasks.publish.report import SCRIPTS, describe_left_out, pack_records, write_policy
from tasks.publish.report_records import clean_record
from tasks.publish.report_views import LeftOut
from tests.made_up_tables import FERRY, LENGTH, MADE_UP, OLSEN, made_up_rows
from tests.publish.report_pages import HOSTILE, PageReader, read_page, write_hostile_page, write_page

FOLDER = Path(__file__).parents[2] / "tasks" / "publish"
LOADING = {"img", "iframe", "object", "embed", "link", "video", "audio", "source", "form", "base", "frame", "applet"}
# What turns text into markup or script, in any browser.
DANGEROUS = (
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser", "srcdoc",
    "setHTML", "createContextualFragment", "fetch(", "XMLHttpRequest", "import(", "localStorage",
)  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> PageReader:
    return read_page(write_page(tmp_path_factory.mktemp("report")))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> PageReader:
    return read_page(write_hostile_page(tmp_path_factory.mktemp("hostile")))


def test_report_says_in_its_first_line_what_it_holds(page: PageReader) -> None:
    flat = " ".join(page.text.split())
    assert "4 articles from 4 outlets tell 2 stories. 5 quotations, 4 with a named speaker. 1 refusal." in flat


def test_report_lists_stories_with_what_their_outlets_tell_differently(page: PageReader) -> None:
    [ferry, library] = page.records["index"]["stories"]
    assert ferry["disagree"] == [["meeting", "7, 7.5 or 8 hours", [[7, 7], [7.5, 7.5], [8, 8]]]]
    assert ferry["shared"] == [
        {
            "text": "The boats will run on Friday, whatever happens",
            "direct": True,
            "speaker": "Bjørk Olsen",
            "outlets": 3,
            "wordings": 2,
        }
    ]
    assert ferry["titles"] == [["Bjørk Olsen", "harbour minister", ["fisheries minister"]]]
    assert library["shared"] == library["disagree"] == library["titles"] == []


def test_report_has_a_record_of_each_story_person_and_article(page: PageReader) -> None:
    index = page.records["index"]
    wanted = {f"story:{line['id']}" for line in index["stories"]}
    wanted |= {f"person:{line['id']}" for line in index["people"]}
    wanted |= {f"article:{line[0]}" for line in index["articles"]}
    assert set(page.records) == wanted | {"index"}
    assert len(wanted) == 2 + 3 + 4


def test_report_leads_from_every_quotation_to_a_piece_of_its_article(page: PageReader) -> None:
    for item in MADE_UP:
        article = page.records[f"article:{item.article_id}"]
        owners = {owner for part in article["text"] for owner in owners_of(part)}
        assert set(article["quotes"]) <= owners
    [quote] = MADE_UP[0].quote_rows()
    place = f"q{quote.start_char}-{quote.end_char}"
    spoken = dict(page.records[f"person:{OLSEN}"]["quotes"])
    assert spoken[MADE_UP[0].article_id] == [[place, page.records[f"article:{MADE_UP[0].article_id}"]["quotes"][place]]]


def owners_of(part: dict | list) -> set[str]:
    pieces = part["gone"] if isinstance(part, dict) else part
    return {owner for piece in pieces if isinstance(piece, list) for owner in piece[2]}


def test_report_shows_removed_text_with_its_reason(page: PageReader) -> None:
    text = page.records[f"article:{MADE_UP[0].article_id}"]["text"]
    pieces = [piece for part in text for piece in (part["gone"] if isinstance(part, dict) else part)]
    removed = {piece[0]: piece[3] for piece in pieces if isinstance(piece, list) and piece[3]}
    assert removed["[advert]"] == ["removed", "advertisement", "made_up_advertisement"]
    assert "Share this story" in removed


def test_report_loads_nothing(page: PageReader) -> None:
    assert not LOADING & {tag for tag, _ in page.tags}
    assert not page.values("src")
    beside = {"validation.html", "DICTIONARY.html"}
    assert all(address.startswith("#") or address in beside for address in page.values("href"))


def test_report_is_the_same_for_the_same_tables(tmp_path: Path) -> None:
    assert write_page(tmp_path / "a").read_bytes() == write_page(tmp_path / "b").read_bytes()


def test_report_of_no_articles_says_so(tmp_path: Path) -> None:
    page = read_page(write_page(tmp_path, []))
    assert "0 articles from 0 outlets" in page.text
    assert page.records["index"]["articles"] == []


def test_report_keeps_text_whose_edits_do_not_fit(tmp_path: Path) -> None:
    rows = made_up_rows()
    for span in rows["removed_spans"]:
        span.end_char += 3
    page = read_page(write_page(tmp_path, removed_spans=rows["removed_spans"]))
    text = json.dumps(page.records[f"article:{MADE_UP[0].article_id}"]["text"])
    assert "She would not name a price." in text
    assert "[advert]" in text


def test_report_holds_hostile_text_as_data_only(hostile: PageReader) -> None:
    tags = [tag for tag, _ in hostile.tags]
    data = [values for tag, values in hostile.tags if tag == "script" and values.get("type") == "text/plain"]
    assert tags.count("script") == len(data) + 1 == len(hostile.chunks) + 1
    assert tags.count("style") == tags.count("meta") - 4 == 1
    assert not LOADING & set(tags)
    assert not [name for _, values in hostile.tags for name in values if name.startswith("on") or name == "style"]
    assert "evil.example" not in hostile.text
    shown = HOSTILE.replace("\u2028", "\n").replace("\u2029", "\n")
    assert hostile.records["index"]["stories"][0]["headline"] == shown


def test_report_gives_no_address_that_is_no_web_page(hostile: PageReader) -> None:
    articles = [record for name, record in hostile.records.items() if name.startswith("article:")]
    assert [article["url"] for article in articles] == [None, None]


def test_report_lets_only_its_own_style_and_script_run(page: PageReader) -> None:
    [policy] = [values["content"] for tag, values in page.tags if values.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in policy


def test_write_policy_allows_no_script_to_a_page_that_has_none() -> None:
    assert "script-src" not in write_policy("a {}")
    assert "script-src 'sha256-" in write_policy("a {}", "b()")


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_make_no_markup_of_text(name: str) -> None:
    script = (FOLDER / name).read_text("utf-8")
    assert [word for word in DANGEROUS if word in script] == []


HARD = ["</script>", "<!--<script>", "a & b", "\u2028", '"quoted" \\', "é", "😀"]


def test_pack_records_gives_back_every_record_and_is_no_markup() -> None:
    chunks = list(pack_records([{"text": text} for text in HARD], chunk_characters=40))
    assert len(chunks) > 2
    assert not [packed for _, packed in chunks if re.search(r"[^A-Za-z0-9+/=]", packed)]
    unpacked = [(first, json.loads(gzip.decompress(b64decode(packed)))) for first, packed in chunks]
    assert [record["text"] for _, chunk in unpacked for record in chunk] == clean_record(HARD)
    assert [first for first, _ in unpacked] == list(accumulate((len(chunk) for _, chunk in unpacked[:-1]), initial=0))
    assert len(unpacked[0][1]) == 1


def test_report_shows_no_more_articles_than_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.publish.report.read_report", lambda staged: limited(staged, most_articles=3))
    page = read_page(write_page(tmp_path))
    assert [line["id"] for line in page.records["index"]["stories"]] == [FERRY]
    assert "1 article and 1 story more in the tables." in " ".join(page.text.split())


def limited(staged: Path, *, most_articles: int):
    from tasks.publish.report_reading import read_report

    return read_report(staged, most_articles=most_articles)


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        (LeftOut(), ""),
        (LeftOut(articles=2), "2 articles more in the tables."),
        (LeftOut(articles=2000, stories=1), "2,000 articles and 1 story more in the tables."),
    ],
)
def test_describe_left_out_counts_what_is_not_shown(left_out: LeftOut, words: str) -> None:
    assert describe_left_out(left_out) == words


def test_report_gives_the_range_of_a_quantity_with_who_gives_what(page: PageReader) -> None:
    [quantity] = page.records[f"story:{FERRY}"]["quantities"]
    assert quantity["sentence"] == (
        "Harbour Herald gives 7 hours; The Tide 7.5 hours; Coast Wire 8 hours. The largest is 14 % above the smallest."
    )
    assert [value["words"] for value in quantity["values"]] == ["7 hours", "7.5 hours", "8 hours"]
    assert LENGTH
