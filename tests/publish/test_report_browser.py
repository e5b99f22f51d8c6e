"""The report in a real browser: what a reader sees, and what hostile text cannot do."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.made_up_tables import DAY, FERRY, MADE_UP, OLSEN, MadeUp, made_up_rows
from tests.publish.browser import find_faults
from tests.publish.report_pages import read_page, write_hostile_page, write_page

Open = Callable[..., Any]
ARTICLE = MADE_UP[0].article_id
[QUOTE] = MADE_UP[0].quote_rows()
PLACE = f"q{QUOTE.start_char}-{QUOTE.end_char}"
PAGES = {
    "stories": "",
    "story": f"#story/{FERRY}",
    "people": "#people",
    "person": f"#person/{OLSEN}",
    "articles": "#articles",
    "article": f"#article/{ARTICLE}/{PLACE}",
    "refused": "#refused",
    "run": "#run",
    "search": "#search/boats",
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_hostile_page(tmp_path_factory.mktemp("hostile"))


def main_text(page: Any) -> str:
    page.locator("main:not([aria-busy])").wait_for()
    return " ".join(page.inner_text("main").split())


def list_addresses(path: Path) -> list[str]:
    """Every page within the report."""
    index = read_page(path).records["index"]
    return [
        "", "#people", "#articles", "#refused", "#run", "#search/script", "#search/%3Cimg", "#<img src=x onerror=1>",
        *(f"#story/{line['id']}" for line in index["stories"]), *(f"#person/{line['id']}" for line in index["people"]),
        *(f"#article/{line[0]}" for line in index["articles"]),
    ]  # fmt: skip


def test_hostile_text_runs_no_script_and_asks_for_nothing(open_page: Open, hostile: Path) -> None:
    page = open_page(hostile)
    for address in list_addresses(hostile):
        page.goto(hostile.as_uri() + address)
        page.locator("main:not([aria-busy]) h1").wait_for()
        page.wait_for_timeout(30)
        assert page.title() != "run"
        assert page.locator("main :is(img, script, style, iframe, link, meta, form, object)").count() == 0
        assert page.locator("main svg[onload], [onerror]").count() == 0
    assert set(page.requests) == {hostile.as_uri()}
    assert page.complaints == []
    assert page.locator("a[href^=javascript]").count() == 0


def test_hostile_text_is_shown_as_it_stands(open_page: Open, hostile: Path) -> None:
    page = open_page(hostile)
    assert "</script><script>document.title='run'</script><img src=x" in main_text(page)
    assert "{{ 7*7 }}" in main_text(page)


def test_the_browser_refuses_what_is_not_the_pages_own(open_page: Open, report: Path) -> None:
    """Even if text became markup, it would neither run nor load: the page's policy stands behind its script."""
    page = open_page(report)
    refused = page.evaluate(
        """() => {
            const tries = [];
            try { document.body.innerHTML = "<img src=x>"; } catch (error) { tries.push(error.name); }
            const script = document.createElement("script");
            try { script.textContent = "document.title = 'run'"; document.body.append(script); }
            catch (error) { tries.push(error.name); }
            const image = document.createElement("img");
            image.src = "https://evil.example/x.png";
            document.body.append(image);
            return tries;
        }"""
    )
    page.wait_for_timeout(50)
    assert refused == ["TypeError", "TypeError"]
    assert page.title() == "Stories: the record"
    assert any("Content Security Policy" in text for text in page.complaints)


def test_stories_tell_what_outlets_tell_differently(open_page: Open, report: Path) -> None:
    page = open_page(report)
    text = main_text(page)
    assert "MOST QUOTED Bjørk Olsen 3 quotations Hana Quill 1 quotations" in text
    assert "“The boats will run on Friday, whatever happens” Bjørk Olsen · 3 outlets in 2 wordings" in text
    assert "OUTLETS DISAGREE meeting 7, 7.5 or 8 hours" in text
    assert page.locator(".card .strip circle").count() == 3
    assert "TITLES IN CONFLICT Bjørk Olsen harbour minister but also fisheries minister" in text


def test_a_story_shows_wordings_figures_titles_and_articles(open_page: Open, report: Path) -> None:
    page = open_page(report)
    page.get_by_role("link", name="Ferry talks end without a deal").click()
    page.locator("h1", has_text="Ferry talks end without a deal").wait_for()
    assert page.locator(".wording mark").all_inner_texts() == ["run", "whatever happens", "sail"]
    text = main_text(page)
    assert "Harbour Herald Bjørk Olsen, harbour minister · said · direct" in text
    assert "The Tide Bjork Olsen, fisheries minister · said · direct" in text
    assert "The largest is 14 % above the smallest." in text
    assert page.locator(".values .strip circle").count() == 3


def test_a_usual_title_is_not_among_those_that_conflict(open_page: Open, report: Path) -> None:
    conflicts = open_page(report, f"#story/{FERRY}").locator("section", has_text="Titles in conflict").last
    assert conflicts.locator(".usual").all_inner_texts() == ["Usually harbour minister: Harbour Herald."]
    assert conflicts.locator(".values b").all_inner_texts() == ["fisheries minister"]


def test_a_quotation_leads_to_its_place_in_the_article(open_page: Open, report: Path) -> None:
    page = open_page(report, f"#story/{FERRY}")
    page.locator(".printed a", has_text="Harbour Herald").click()
    wanted = page.locator(".wanted")
    assert [(item.inner_text(), item.get_attribute("class")) for item in wanted.all()] == [
        ("The boats will run on Friday, whatever happens,", "quote wanted"),
        ("Bjørk Olsen", "speaker wanted"),
        ("said", "cue wanted"),
    ]
    assert page.evaluate("document.querySelector('.wanted.quote').getBoundingClientRect().top < innerHeight")


def test_an_article_shows_removed_text_until_it_is_told_not_to(open_page: Open, report: Path) -> None:
    page = open_page(report, f"#article/{ARTICLE}")
    removed = page.locator(".text .removed", has_text="[advert]")
    assert removed.get_attribute("title") == "removed: advertisement, rule made_up_advertisement"
    assert removed.is_visible()
    page.get_by_label("show removed text").uncheck()
    assert not removed.is_visible()


def test_a_person_page_tells_who_quoted_them_and_what_they_said(open_page: Open, report: Path) -> None:
    page = open_page(report, f"#person/{OLSEN}")
    assert page.locator(".plot .bar-label").all_inner_texts() == ["Coast Wire", "Harbour Herald", "The Tide"]
    assert "Also printed as Bjork Olsen, Olsen." in main_text(page)
    assert page.locator(".said").count() == 3


def test_a_person_quoted_on_several_days_is_drawn_over_time(open_page: Open, tmp_path: Path) -> None:
    rows = made_up_rows()
    articles = sorted(rows["articles"], key=lambda row: row.outlet_name or "")
    for number, row in enumerate(articles):
        row.published_at = DAY + timedelta(days=30 * number) if number else None
    plot = open_page(write_page(tmp_path, articles=articles), f"#person/{OLSEN}").locator(".plot")
    assert plot.locator(".plot-label").count() == 3
    assert plot.locator(".plot-row circle").count() == 3
    assert plot.locator(".axis text").count() == 5
    assert "from 3 April 2026 to 2 June 2026; a larger dot is more of them." in plot.inner_text()


def test_search_looks_at_words_and_not_at_how_they_are_kept(open_page: Open, report: Path) -> None:
    page = open_page(report, "#search/figure")
    assert page.inner_text("#found") == "Nothing found."


def test_search_finds_stories_people_quotations_and_articles(open_page: Open, report: Path) -> None:
    page = open_page(report)
    page.keyboard.press("/")
    page.keyboard.type("bjork")
    page.locator("#found", has_text="found.").wait_for()
    assert page.inner_text("#found") == "1 story, 1 speaker, 3 quotations, 3 articles found."
    page.fill("#search", "nowhere at all")
    page.locator("#found", has_text="Nothing found.").wait_for()
    page.fill("#search", "")
    page.locator("main h1", has_text="Stories").wait_for()


def test_stories_can_be_ordered_and_narrowed_to_an_outlet(open_page: Open, report: Path) -> None:
    page = open_page(report)
    page.get_by_role("combobox", name="Outlet").select_option("library.txt")
    assert page.locator(".card h2").all_text_contents() == ["Library to open on Sundays"]
    page.get_by_role("combobox", name="Outlet").select_option("all")
    page.get_by_role("combobox", name="Order").select_option("newest first")
    assert page.locator(".card h2").count() == 2


def test_going_back_leads_to_the_page_before(open_page: Open, report: Path) -> None:
    page = open_page(report)
    page.get_by_role("link", name="Library to open on Sundays").click()
    page.wait_for_function("document.activeElement.tagName === 'H1'")
    page.go_back()
    page.locator("main h1", has_text="Stories").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_serious_fault(open_page: Open, report: Path, name: str, scheme: str) -> None:
    page = open_page(report, PAGES[name], color_scheme=scheme, bypass_csp=True)
    assert find_faults(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_page_fits_a_phone(open_page: Open, report: Path, name: str) -> None:
    page = open_page(report, PAGES[name], viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_keyboard_alone_leads_past_the_links_to_the_page(open_page: Open, report: Path) -> None:
    page = open_page(report)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    page.locator("main:focus").wait_for()
    page.reload()
    page.locator("main h1", has_text="Stories").wait_for()


def test_long_lists_are_drawn_bit_by_bit(open_page: Open, tmp_path: Path) -> None:
    inputs = [
        MadeUp(f"{number}.txt", f"Text number {number}.", f"Title {number}", "Herald", f"story-{number:012x}")
        for number in range(120)
    ]
    page = open_page(write_page(tmp_path, inputs))
    assert page.locator(".card").count() == 50
    page.get_by_role("button", name="Show 50 more of 120 stories").click()
    assert page.locator(".card").count() == 100
    assert page.evaluate("document.activeElement === document.querySelectorAll('.card a')[50]")
    page.get_by_role("button", name="Show 20 more of 120 stories").click()
    assert page.locator(".card").count() == 120
    assert not page.locator(".more-button").is_visible()


def test_theme_button_changes_the_colours(open_page: Open, report: Path) -> None:
    page = open_page(report, color_scheme="light")
    colour = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(colour)
    page.get_by_role("button", name="Use dark colours").click()
    assert page.evaluate(colour) != before
    page.get_by_role("button", name="Use light colours").click()
    assert page.evaluate(colour) == before


def test_printing_leaves_out_what_is_no_use_on_paper(open_page: Open, report: Path) -> None:
    page = open_page(report, f"#story/{FERRY}")
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator(".wording").first.is_visible()


def test_page_works_without_its_script(open_page: Open, report: Path) -> None:
    page = open_page(report, java_script_enabled=False)
    assert "4 articles from 4 outlets tell 2 stories." in page.inner_text("header")
    assert json.dumps("evil") not in page.inner_text("main")
