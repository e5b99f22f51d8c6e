import subprocess
import sys

import pytest

from flows.bench_growth import AGAIN, FIRST, FOREIGN, RUN_WITHOUT_MODELS, describe_growth, measure_growth
from flows.bench_pipeline import RunCost
from tasks.clean.fields.language import is_plain_english


def test_describe_growth_compares_what_an_article_costs_and_the_largest_process() -> None:
    costs = [
        RunCost(what=f"{FIRST}, {count}", articles=count, cpu_seconds=cpu, seconds=cpu, peak_memory_bytes=memory)
        for count, cpu, memory in ((100, 50.0, 400), (1000, 600.0, 500))
    ]
    told = describe_growth(costs)
    assert "of 1,000 articles each costs 1.20 times as much as of 100; memory 1.25" in told


def test_run_without_models_finds_no_language_that_it_annotates() -> None:
    shown = RUN_WITHOUT_MODELS.replace("main()", "print(repr(batch.ANNOTATED_LANGUAGE), main.__module__)")
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "'' flows.__main__"


def test_foreign_text_is_one_that_the_model_of_languages_is_asked_about() -> None:
    assert not is_plain_english(FOREIGN)


@pytest.mark.slow
def test_measure_growth_runs_some_and_many_articles_and_each_again() -> None:
    costs = list(measure_growth((2, 4), words=60))
    assert [(cost.what.partition(",")[0], cost.articles) for cost in costs] == [
        (FIRST, 2),
        (AGAIN, 2),
        (FIRST, 4),
        (AGAIN, 4),
    ]
    assert all(cost.cpu_seconds > 0 and cost.peak_memory_bytes > 50_000_000 for cost in costs)
    assert costs[3].cpu_seconds < costs[2].cpu_seconds
