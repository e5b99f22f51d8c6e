import dataclasses
from pathlib import Path

import pytest

from schemas import QuoteVariant, Row
from tasks.publish.report_reading import choose_stories, read_report
from tasks.publish.report_views import ReportView, StoryView
from tests.made_up_tables import FERRY, LIBRARY, MADE_UP, OLSEN, PROMISE, made_up_rows, write_staged


def read(folder: Path, **changes: list[Row]) -> ReportView:
    return read_report(write_staged(folder, made_up_rows() | changes))


def find_story(report: ReportView, story_id: str) -> StoryView:
    return next(view for view in report.stories if view.story.story_id == story_id)


def test_read_report_puts_the_most_widely_told_story_first(tmp_path: Path) -> None:
    assert [view.story.story_id for view in read(tmp_path).stories] == [FERRY, LIBRARY]


@pytest.mark.parametrize(
    ("limit", "stories", "left_out"),
    [(4, [FERRY, LIBRARY], (0, 0)), (3, [FERRY], (1, 1)), (2, [LIBRARY], (1, 3)), (0, [], (2, 4))],
)
def test_choose_stories_takes_whole_stories_up_to_the_limit(
    tmp_path: Path, limit: int, stories: list[str], left_out: tuple[int, int]
) -> None:
    chosen = choose_stories(write_staged(tmp_path, made_up_rows()), limit)
    assert chosen.story_ids == stories
    assert (chosen.left_out.stories, chosen.left_out.articles) == left_out
    assert len(chosen.article_ids) == len(MADE_UP) - left_out[1]


def test_read_report_shows_a_title_that_cannot_be_the_usual_office(tmp_path: Path) -> None:
    [titles] = find_story(read(tmp_path), FERRY).titles.values()
    assert [(view.title, view.is_usual, view.outlets) for view in titles] == [
        ("harbour minister", True, ["Harbour Herald"]),
        ("fisheries minister", False, ["The Tide"]),
    ]


def test_read_report_takes_usual_titles_alone_for_no_conflict(tmp_path: Path) -> None:
    rows = made_up_rows()["entity_titles"]
    for row in rows:
        row.is_usual = True
    assert find_story(read(tmp_path, entity_titles=rows), FERRY).titles == {}


def test_read_report_groups_an_utterance_by_wording(tmp_path: Path) -> None:
    [utterance] = find_story(read(tmp_path), FERRY).utterances
    assert utterance.group.quote_group_id == PROMISE
    shown = ["".join(f"[{run.text}]" if run.differs else run.text for run in view.runs) for view in utterance.wordings]
    assert shown == ["The boats will [run] on Friday, [whatever happens],", "The boats will [sail] on Friday,"]
    assert [len(view.quotes) for view in utterance.wordings] == [2, 1]


def variants(shared: str) -> list[QuoteVariant]:
    """The made-up utterance's versions, of which the first shares only a part."""
    quotes = [quote for item in MADE_UP for quote in item.quote_rows() if quote.quote_group_id]
    return [
        QuoteVariant(
            quote_id=quote.quote_id, quote_group_id=PROMISE, article_id=quote.article_id, outlet_name=None,
            wording_number=number + 1, shared_text=quote.content if number else shared, missing_words="",
            added_words="", is_canonical=False,
        )
        for number, quote in enumerate(quotes)
    ]  # fmt: skip


def test_read_report_keeps_apart_what_only_one_outlet_prints(tmp_path: Path) -> None:
    utterances = find_story(read(tmp_path, quote_variants=variants("boats will run on Friday")), FERRY).utterances
    [cut] = [view for view in utterances[0].wordings if view.is_cut]
    assert (cut.before, cut.after) == ("The ", ", whatever happens,")
    assert "".join(run.text for run in cut.runs) == "boats will run on Friday"


def test_read_report_names_people_by_their_entity(tmp_path: Path) -> None:
    report = read(tmp_path)
    assert (report.people[0].key, len(report.people[0].quotes)) == (OLSEN, 3)
    assert [view.name for view in report.unnamed] == ["One sailor"]
    assert report.unnamed[0].key.startswith("speaker-")


def test_read_report_shows_no_more_refusals_than_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = made_up_rows()["quarantine"]
    rows += [dataclasses.replace(rows[0], quarantine_id=f"{number:016x}") for number in range(4)]
    monkeypatch.setattr("tasks.publish.report_reading.MOST_REFUSALS", 3)
    report = read(tmp_path, quarantine=rows)
    assert (len(report.refusals), report.left_out.refusals) == (3, 2)
