"""The count of recurring lines, and the cleaning that follows it."""

from pathlib import Path

import pytest
from prefect.logging import disable_run_logger

from schemas.articles import Article, RemovedSpan
from schemas.parquet import read_rows, write_rows
from schemas.runs import Document
from schemas.warehouse import Warehouse
from tasks.batches import Batch, batch_id_of, counted_lines
from tasks.bisection import call_in_turn
from tasks.clean import task
from tasks.clean.task import clean_step, count_recurring_lines
from tests.clean.made_up_documents import make_document
from tests.clean.recurring.test_recurrence import tell

ABOVE = "Harbour life | Your seven towns"
BELOW = ["Tell us what you saw", "Our newsroom is open to readers on weekdays."]


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch):
    monkeypatch.setenv("ONRECORD_WORKERS", "0")


def make_posts(numbers: range, **fields) -> list[Document]:
    texts = ("\n\n".join([ABOVE, *tell(number), *BELOW]) for number in numbers)
    return [make_document(text, **({"declared_outlet": "Harbour News"} | fields)) for text in texts]


def make_batch(root: Path, documents: list[Document]) -> Batch:
    batch_id = batch_id_of([document.document_id for document in documents])
    write_rows(documents, Document, Warehouse(root).documents_folder(batch_id))
    return Batch(batch_id, 1, len(documents), str(root))


def clean(*batches: Batch) -> list[Batch]:
    with disable_run_logger():
        counted = count_recurring_lines.fn(list(batches))
    # None for a batch that was cleaned before.
    return [batch.processed() if call_in_turn([clean_step(batch)]) != [None] else batch for batch in counted]


def texts_of(batch: Batch) -> list[str]:
    return [article.text for article in read_rows(Article, batch.folder("clean"))]


def test_cleaning_learns_the_furniture_of_an_outlet(tmp_path):
    cleaned = clean(make_batch(tmp_path, make_posts(range(8))), make_batch(tmp_path, make_posts(range(8, 12))))
    assert [text for batch in cleaned for text in texts_of(batch)] == [
        "\n\n".join(tell(number)) for number in range(12)
    ]
    spans = read_rows(RemovedSpan, cleaned[0].folder("clean"))
    recurring = {span.text for span in spans if span.rule_name == "recurring_line"}
    assert recurring == {ABOVE, *BELOW}


def test_cleaning_keeps_a_quotation_that_five_outlets_print(tmp_path):
    quotation = "“We have waited nine years for this,” Cole said.\n\nThe vote was close.\n\nCole leads the council"
    documents = [
        make_document("\n\n".join([*tell(number)[:2], quotation, tell(number)[2]]), source_uri=f"in/{number}.txt")
        for number in range(5)
    ]
    (batch,) = clean(make_batch(tmp_path, documents))
    assert all(quotation in text for text in texts_of(batch))
    assert batch.recurring_name == ""


def test_count_recurring_lines_does_not_choose_again_what_it_chose_from_the_same_batches(tmp_path, monkeypatch):
    batches = [make_batch(tmp_path, make_posts(range(6))), make_batch(tmp_path, make_posts(range(6, 9)))]
    first = clean(*batches)
    called: list[str] = []
    monkeypatch.setattr(task, "call_in_worker", lambda path, *_: called.append(path) or ["", ""])
    with disable_run_logger():
        again = count_recurring_lines.fn(batches)
    assert called == []
    assert [batch.recurring_name for batch in again] == [batch.recurring_name for batch in first]
    assert all(batch.recurring_name for batch in again)


def test_count_recurring_lines_chooses_again_when_another_batch_counts(tmp_path):
    batch = make_batch(tmp_path, make_posts(range(2)))
    (alone,) = clean(batch)
    with_others = clean(batch, make_batch(tmp_path, make_posts(range(2, 9))))[0]
    assert alone.recurring_name == ""
    assert with_others.recurring_name
    with disable_run_logger():
        assert count_recurring_lines.fn([batch])[0].recurring_name == with_others.recurring_name


def test_count_recurring_lines_comes_to_the_same_again(tmp_path):
    batches = [make_batch(tmp_path, make_posts(range(3))), make_batch(tmp_path, make_posts(range(3, 6)))]
    first = clean(*batches)
    again = clean(*batches)
    assert [batch.folder("clean") for batch in first] == [batch.folder("clean") for batch in again]
    assert all(batch.reused for batch in again)
    assert not any(batch.reused for batch in first)


def test_count_recurring_lines_does_not_double_what_it_counts_again(tmp_path):
    batch = make_batch(tmp_path, make_posts(range(3)))
    for _ in range(3):
        (cleaned,) = clean(batch)
    assert cleaned.recurring_name == ""
    assert ABOVE in texts_of(cleaned)[0] or BELOW[0] in texts_of(cleaned)[0]


def test_count_recurring_lines_knows_what_earlier_runs_counted(tmp_path):
    clean(make_batch(tmp_path, make_posts(range(12))))
    (later,) = clean(make_batch(tmp_path, make_posts(range(12, 13))))
    assert texts_of(later) == ["\n\n".join(tell(12))]


def test_count_recurring_lines_leaves_batches_alone_that_new_documents_do_not_concern(tmp_path):
    alone = make_batch(tmp_path, [make_document("\n\n".join(tell(90)), declared_outlet="Norvik Post")])
    few = make_batch(tmp_path, make_posts(range(3)))
    first = clean(alone, few)
    again = clean(alone, few, make_batch(tmp_path, make_posts(range(3, 12))))
    assert [batch.reused for batch in again] == [True, False, False]
    assert again[0].folder("clean") == first[0].folder("clean")
    assert again[1].folder("annotate") != first[1].folder("annotate")


def test_counted_lines_passes_over_a_batch_that_was_broken_up(tmp_path):
    batch = make_batch(tmp_path, make_posts(range(3)))
    clean(batch)
    assert counted_lines(Warehouse(tmp_path)) == [batch.lines_folder]
    (batch.documents / "documents.parquet").unlink()
    batch.documents.rmdir()
    assert counted_lines(Warehouse(tmp_path)) == []


def test_count_recurring_lines_of_nothing_is_nothing():
    assert count_recurring_lines.fn([]) == []
