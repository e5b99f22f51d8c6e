import json
import sys
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.bench import GENERATED, app, read_input
from flows.bench_articles import TAIL_RESIDUE, WORDS_PER_ARTICLE, make_articles
from flows.bench_measure import SHORTEST_PASS_SECONDS, Measurement, Stage, count_steps, find_part, measure_stages
from flows.bench_stages import STAGES, prepare_annotate, prepare_entities
from tests.clean.made_up_documents import clean_document


def call(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the bench."""
    result = CliRunner().invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def stage_that_counts(calls: list[int]) -> Stage:
    def prepare(documents):
        calls.append(-1)
        return lambda: (calls.append(len(document.raw_text)) for document in documents)

    return Stage(name="count", prepare=prepare, package="tests", parts={})


def test_make_articles_gives_the_same_for_the_same_seed():
    assert list(make_articles(3, seed=7)) == list(make_articles(3, seed=7))
    assert list(make_articles(3, seed=7)) != list(make_articles(3, seed=8))


def test_make_articles_gives_articles_of_the_length_asked_for():
    documents = list(make_articles(20))
    assert len({document.document_id for document in documents}) == 20
    counts = [len(document.raw_text.split()) for document in documents]
    assert all(WORDS_PER_ARTICLE <= count < 1.3 * WORDS_PER_ARTICLE for count in counts)


def test_make_articles_puts_residue_in_that_cleaning_takes_out():
    literal = [line for line in TAIL_RESIDUE if "{" not in line]
    documents = list(make_articles(10))
    texts = [clean_document(document).article.text for document in documents]
    assert sum(line in document.raw_text for document in documents for line in literal) > 10
    assert [line for text in texts for line in literal if line in text.split("\n\n")] == []


def test_measure_stages_runs_the_passes_and_one_to_warm_up():
    calls: list[int] = []
    reported: list[int] = []
    documents = list(make_articles(2))
    (measured,) = measure_stages(
        [stage_that_counts(calls)], documents, passes=3, apart=False, report=lambda _: reported.append(len(calls) // 2)
    )
    assert calls == [-1, *[len(document.raw_text) for document in documents] * (len(calls) // 2)]
    assert len(reported) == count_steps(3)
    assert reported == sorted(set(reported))
    assert len(measured.cpu_seconds) == 3
    assert (measured.documents, measured.words) == (2, sum(len(item.raw_text.split()) for item in documents))


def test_measure_stages_reads_no_more_documents_than_the_stage_will():
    calls: list[int] = []
    stage = replace(stage_that_counts(calls), limit=2)
    assert measure_stages([stage], list(make_articles(5)), passes=1, apart=False)[0].documents == 2


def test_yardstick_of_entities_finds_some():
    docs = list(prepare_entities(list(make_articles(3)))())
    assert docs[0].has_annotation("ENT_IOB")
    assert not docs[0].has_annotation("DEP")
    assert any(doc.ents for doc in docs)


def test_annotate_is_measured_on_cleaned_articles():
    annotated = list(prepare_annotate(list(make_articles(2)))())
    assert len(annotated) == 2
    assert any(mentions for mentions, _, _ in annotated)


def test_measure_stages_gives_the_time_of_going_over_the_documents_once():
    calls: list[int] = []
    rounds: list[int] = []
    (measured,) = measure_stages(
        [stage_that_counts(calls)],
        list(make_articles(1)),
        passes=1,
        apart=False,
        report=lambda _: rounds.append(len(calls) - 1),
    )
    assert measured.cpu_seconds[0] * (rounds[1] - rounds[0]) >= SHORTEST_PASS_SECONDS * 0.99


@pytest.mark.parametrize(("count", "passes"), [(0, 1), (1, 0)], ids=["no documents", "no passes"])
def test_measure_stages_refuses_to_measure_nothing(count, passes):
    with pytest.raises(ValueError, match="a document and a pass"):
        measure_stages([stage_that_counts([])], list(make_articles(count)), passes=passes)


def test_measure_stages_lets_the_stages_take_turns():
    reported: list[str] = []
    stages = [replace(stage_that_counts([]), name=name) for name in ("one", "other")]
    measured = measure_stages(stages, list(make_articles(1)), passes=2, apart=False, report=reported.append)
    assert reported == ["one", "other"] * 3
    assert [item.stage for item in measured] == ["one", "other"]


def hold_memory(megabytes: int, documents: list) -> list:
    held = bytearray(megabytes * 1_000_000)
    held[::4096] = b"x" * len(held[::4096])
    return lambda: iter(documents)


def test_measure_stages_tells_the_memory_of_each_stage_alone():
    stages = [
        Stage(name=str(megabytes), package="tests", prepare=partial(hold_memory, megabytes)) for megabytes in (400, 1)
    ]
    large, small = measure_stages(stages, list(make_articles(1)), passes=1)
    assert large.peak_memory_bytes > 400_000_000 > small.peak_memory_bytes > 10_000_000


def test_measure_stages_refuses_a_stage_that_nothing_is_ready_for():
    with pytest.raises(ValueError, match="nothing is ready for dream"):
        measure_stages([Stage(name="dream", package="tests")], list(make_articles(1)), passes=1, apart=False)


def test_measurement_gives_rates_of_its_passes():
    measured = Measurement(
        stage="clean",
        documents=100,
        words=7,
        bytes=4_000_000,
        cpu_seconds=(0.5, 0.2, 0.25),
        shares={},
        peak_memory_bytes=1,
    )
    assert measured.documents_per_second == (200, 400, 500)
    assert measured.megabytes_per_second == 16
    assert measured.as_row()["documents_per_second"] == {"median": 400, "lowest": 200, "highest": 500}


def name_part(**parts: str) -> str:
    stage = Stage(name="here", prepare=lambda documents: list, package="tests.flows", parts=parts)
    return find_part(sys._getframe(), stage)


def test_find_part_names_the_function_or_else_the_module():
    assert name_part() == "test_bench"
    assert name_part(**{"test_bench.name_part": "naming"}) == "naming"
    assert name_part(**{"test_bench.test_find_part_names_the_function_or_else_the_module": "caller"}) == "caller"


def test_find_part_tells_what_runs_outside_the_stage():
    stage = Stage(name="clean", prepare=lambda documents: list, package="tasks.clean", parts={})
    assert find_part(sys._getframe(), stage) == "other"


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_stage_names_functions_that_exist(stage):
    for place in stage.parts:
        module, _, name = place.partition(".")
        found = import_module(f"{stage.package}.{module}")
        for attribute in name.split("."):
            found = getattr(found, attribute)
        assert callable(found)


def test_bench_prints_numbers_that_agree_with_each_other():
    code, out, err = call("clean", "--documents", "12", "--passes", "3", "--json")
    assert code == 0, err
    [row] = json.loads(out)
    assert (row["stage"], row["documents"], len(row["cpu_seconds"])) == ("clean", 12, 3)
    speed = row["documents_per_second"]
    assert speed["lowest"] <= speed["median"] <= speed["highest"]
    assert speed["highest"] == pytest.approx(12 / min(row["cpu_seconds"]))
    assert row["megabytes_per_second"] == pytest.approx(row["bytes"] / 1e6 * speed["median"] / 12)
    assert not row["shares"] or sum(row["shares"].values()) == pytest.approx(1)
    assert row["peak_memory_bytes"] > 10_000_000


def test_bench_prints_a_table():
    code, out, _ = call("tokenize", "ingest", "--documents", "3", "--passes", "1")
    assert code == 0
    header, *lines = out.splitlines()
    assert "documents/s/core" in header
    assert [line.split()[:2] for line in lines[:2]] == [["tokenize", "3"], ["ingest", "3"]]


def test_bench_reads_the_input_given(tmp_path: Path):
    (tmp_path / "one.txt").write_text("The ferry left on time. The mayor said that it would come back on Friday.\n" * 3)
    (tmp_path / "two.bin").write_bytes(b"\x00\x01")
    assert [document.raw_text[:9] for document in read_input(str(tmp_path))] == ["The ferry"]
    code, out, _ = call("-i", str(tmp_path), "--passes", "1", "--json")
    assert (code, json.loads(out)[0]["documents"]) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["dream"], 2, "no stage is called 'dream'; there are tokenize, entities, ingest, lines, clean, annotate"),
        (["--input", "nowhere"], 2, "no file or folder is called 'nowhere'"),
    ],
    ids=["stage", "input"],
)
def test_bench_says_what_it_does_not_understand(arguments, code, message):
    found, _, err = call(*arguments)
    assert (found, message in err) == (code, True)


def test_bench_says_that_an_input_holds_nothing(tmp_path: Path):
    code, _, err = call("--input", str(tmp_path))
    assert (code, "holds no document" in err) == (1, True)


def test_help_has_examples_and_the_stages():
    code, out, _ = call("--help")
    assert code == 0
    assert all(word in out for word in ("python -m flows.bench", GENERATED, *STAGES))
