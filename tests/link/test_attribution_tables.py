"""Groups of quotes and figures: written, and taken over from run to run where nothing has changed."""

import shutil
from dataclasses import replace

import pandas as pd
import pytest

from schemas import Article, Figure, FigureGroup, Quote, QuoteGroup, QuoteVariant
from schemas.parquet import read_rows, records_to_arrow, write_rows, write_table
from tasks import workers
from tasks.link import attribution_tables
from tasks.link.attribution_tables import link_attribution_tables, part_stories
from tasks.link.tables import link_article_tables, read_texts
from tasks.workers import WorkerDied, call_beside, call_in_worker, stop_workers
from tests.link.test_tables import CHESS, TEXT, stage

SAID = "We will rebuild the market before the summer."
TABLES = (QuoteGroup, QuoteVariant, FigureGroup, Quote, Figure)


def stage_attribution(folder, article_ids):
    quotes = [
        {"quote_id": f"{name}:0:{len(SAID)}", "article_id": name, "start_char": 0, "end_char": len(SAID),
         "content": SAID, "content_segments": f"0:{len(SAID)}", "kind": "direct", "speaker_id": "person-aaaaaaaaaaaa",
         "speaker_method": "full_name", "confidence": 1.0, "flags": ""}
        for name in article_ids
    ]  # fmt: skip
    figures = [
        Figure(figure_id=f"{name}:0:3", article_id=name, start_char=0, end_char=3, text="200", value=200.0, low=200.0,
               high=200.0, unit="count", quantity="house", qualifier=None, figure_group_id=None)
        for name in article_ids
    ]  # fmt: skip
    write_table(records_to_arrow(quotes, Quote.table), folder / "quotes.parquet")
    write_rows(figures, Figure, folder)


@pytest.mark.parametrize("count", [0, 1, 2], ids=["no article", "one article", "two articles"])
def test_link_tables_keep_every_row(tmp_path, count):
    stage(tmp_path, [TEXT] * count)
    stage_attribution(tmp_path, [f"{number:016x}" for number in range(count)])
    link_article_tables(tmp_path)
    link_attribution_tables(tmp_path)
    assert len(read_rows(Article, tmp_path)) == count
    assert len(read_rows(Quote, tmp_path)) == count
    assert len(read_rows(Figure, tmp_path)) == count


def test_link_attribution_tables_write_groups_that_rows_point_at(tmp_path):
    stage(tmp_path, [TEXT, TEXT])
    stage_attribution(tmp_path, [f"{number:016x}" for number in range(2)])
    link_article_tables(tmp_path)
    assert link_attribution_tables(tmp_path) == {"utterances": 1, "quantities": 1}
    (utterance,), (quantity,) = read_rows(QuoteGroup, tmp_path), read_rows(FigureGroup, tmp_path)
    assert {quote.quote_group_id for quote in read_rows(Quote, tmp_path)} == {utterance.quote_group_id}
    assert {figure.figure_group_id for figure in read_rows(Figure, tmp_path)} == {quantity.figure_group_id}
    assert quantity.disagrees is False


def test_link_attribution_tables_read_the_texts_of_shared_stories_only(tmp_path, monkeypatch):
    stage(tmp_path, [TEXT, TEXT, CHESS])
    stage_attribution(tmp_path, [f"{number:016x}" for number in range(3)])
    link_article_tables(tmp_path)
    asked = []

    def note(staged, article_ids, columns=()):
        asked.extend(article_ids)
        return read_texts(staged, article_ids, columns)

    monkeypatch.setattr(attribution_tables, "read_texts", note)
    link_attribution_tables(tmp_path)
    # To see whether they have changed, for traces of translation, and for what stands around figures.
    assert sorted(asked) == [f"{number:016x}" for number in (0, 0, 0, 1, 1, 1)]
    assert [figure.figure_group_id is None for figure in read_rows(Figure, tmp_path)] == [False, False, True]


@pytest.fixture
def linked(tmp_path):
    """Two stories of two articles each, linked, and the folder of groups that this has left."""
    staged, known = tmp_path / "staged", tmp_path / "known"
    stage(staged, [TEXT, TEXT, CHESS, CHESS])
    stage_attribution(staged, [f"{number:016x}" for number in range(4)])
    link_article_tables(staged)
    link_attribution_tables(staged, known, code="a")
    return staged, known


@pytest.fixture
def grouped(monkeypatch):
    """The articles of which groups were sought, call by call."""
    asked = []
    group_part = attribution_tables.group_part
    monkeypatch.setattr(
        attribution_tables,
        "group_part",
        lambda staged, told: asked.append(sorted(told["article_id"])) or group_part(staged, told),
    )
    return asked


def read_all(staged):
    return [sorted(map(repr, read_rows(row_type, staged))) for row_type in TABLES]


def link_anew(staged, tmp_path):
    """The tables that linking makes with nothing known."""
    anew = tmp_path / "anew"
    shutil.copytree(staged, anew)
    link_attribution_tables(anew)
    return read_all(anew)


def change_first(row_type, **values):
    """What puts these values into the first row of a staged table."""

    def change(staged):
        first, *others = read_rows(row_type, staged)
        write_rows([replace(first, **values), *others], row_type, staged)

    return change


def drop_quote(staged):
    write_rows(read_rows(Quote, staged)[1:], Quote, staged)


def test_link_attribution_tables_take_over_what_has_not_changed(linked, grouped, tmp_path):
    staged, known = linked
    link_attribution_tables(staged, known, code="a")
    assert grouped == []
    assert read_all(staged) == link_anew(staged, tmp_path)
    assert len(read_rows(QuoteGroup, staged)) == len(read_rows(FigureGroup, staged)) == 2


@pytest.mark.parametrize(
    "change",
    [
        change_first(Quote, speaker_id="person-bbbbbbbbbbbb"),
        change_first(Figure, value=230.0, low=230.0, high=230.0),
        change_first(Article, outlet_name="Harbour Gazette"),
        change_first(Article, text=TEXT.replace("Oldport", "Newport")),
        drop_quote,
    ],
    ids=["speaker", "figure", "outlet", "text", "quote gone"],
)
def test_link_attribution_tables_group_a_story_again_when_it_changes(change, linked, grouped, tmp_path):
    staged, known = linked
    change(staged)
    link_attribution_tables(staged, known, code="a")
    assert grouped == [[f"{number:016x}" for number in range(2)]]
    assert read_all(staged) == link_anew(staged, tmp_path)


def test_link_attribution_tables_forget_a_story_that_one_article_tells(linked, tmp_path):
    staged, known = linked
    change_first(Article, story_id=None)(staged)
    assert link_attribution_tables(staged, known, code="a") == {"utterances": 1, "quantities": 1}
    assert read_all(staged) == link_anew(staged, tmp_path)


def test_link_attribution_tables_group_all_again_when_the_code_changes(linked, grouped):
    staged, known = linked
    link_attribution_tables(staged, known, code="b")
    assert grouped == [[f"{number:016x}" for number in range(4)]]
    assert len(list(known.iterdir())) == 1


def test_link_attribution_tables_do_without_groups_that_are_cut_short(linked, grouped):
    staged, known = linked
    (folder,) = known.iterdir()
    (folder / "quote_groups.parquet").write_bytes(b"PAR1")
    link_attribution_tables(staged, known, code="a")
    assert grouped == [[f"{number:016x}" for number in range(4)]]
    assert len(read_rows(QuoteGroup, staged)) == 2


def test_link_attribution_tables_group_in_parts_as_all_at_once(linked, grouped, monkeypatch, tmp_path):
    staged, _ = linked
    monkeypatch.setattr(attribution_tables, "ROWS_AT_ONCE", 4)
    monkeypatch.setattr(attribution_tables, "BATCH_ROWS", 3)
    link_attribution_tables(staged)
    assert sorted(grouped) == [[f"{number:016x}" for number in pair] for pair in ((0, 1), (2, 3))]
    monkeypatch.undo()
    assert read_all(staged) == link_anew(staged, tmp_path)


@pytest.fixture
def halves(linked, monkeypatch):
    """Staged tables whose two stories are grouped in a part each, and the processes that were asked to do so."""
    monkeypatch.setattr(attribution_tables, "LEAST_ROWS", 1)
    asked = []

    def begin(*call):
        asked.append(call)
        return call_beside(*call)

    monkeypatch.setattr(workers, "call_beside", begin)
    return linked[0], asked


@pytest.mark.usefixtures("one_worker")
def test_link_attribution_tables_group_half_in_a_worker_as_all_here(halves, grouped, monkeypatch, tmp_path):
    staged, asked = halves
    call_in_worker("os:getpid")
    link_attribution_tables(staged)
    (told,) = (articles for *_, articles in asked)
    assert sorted([*grouped, sorted(told["article_id"])]) == [
        [f"{number:016x}" for number in pair] for pair in ((0, 1), (2, 3))
    ]
    monkeypatch.undo()
    assert read_all(staged) == link_anew(staged, tmp_path)


def test_link_attribution_tables_group_both_halves_without_a_worker(halves, grouped, monkeypatch, tmp_path):
    staged, _ = halves
    stop_workers()
    link_attribution_tables(staged)
    assert len(grouped) == 2
    monkeypatch.undo()
    assert read_all(staged) == link_anew(staged, tmp_path)


def die() -> None:
    raise WorkerDied


def test_link_attribution_tables_group_what_a_worker_died_of(halves, grouped, monkeypatch, tmp_path):
    staged, _ = halves
    monkeypatch.setattr(workers, "call_beside", lambda *call: die)
    link_attribution_tables(staged)
    assert len(grouped) == 2
    monkeypatch.undo()
    assert read_all(staged) == link_anew(staged, tmp_path)


def test_link_attribution_tables_raise_what_a_worker_raises(halves, monkeypatch):
    def fail() -> None:
        raise OSError("disk full")

    monkeypatch.setattr(workers, "call_beside", lambda *call: fail)
    with pytest.raises(OSError, match="disk full"):
        link_attribution_tables(halves[0])


def test_part_stories_halves_what_is_neither_small_nor_large(monkeypatch):
    told = pd.DataFrame({"article_id": list("abcdef"), "story_id": list("uuvvww")})
    sizes = pd.Series({"u": 4, "v": 4, "w": 4})

    def part() -> list[str]:
        return ["".join(articles["article_id"]) for articles in part_stories(told, sizes)]

    assert part() == ["abcdef"]
    monkeypatch.setattr(attribution_tables, "LEAST_ROWS", 1)
    assert part() == ["abcd", "ef"]
    # Two parts at a time are in memory.
    monkeypatch.setattr(attribution_tables, "ROWS_AT_ONCE", 8)
    assert part() == ["ab", "cd", "ef"]
