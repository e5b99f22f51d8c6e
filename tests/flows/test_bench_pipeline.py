import pytest

from flows.bench_articles import make_articles
from flows.bench_pipeline import BARE, FIRST, PARTS, START, RunCost, measure_pipeline, overhead_share
from flows.bench_timed import LANGUAGE, MODELS

TIMED = {MODELS: 70.0, LANGUAGE: 20.0, "rest": 3.0}


def make_costs(first: float, timed: dict[str, float]) -> list[RunCost]:
    costs = {START: (20.0, {MODELS: 1.0}), FIRST: (first, timed)}
    return [
        RunCost(what=what, articles=10, cpu_seconds=cpu, seconds=cpu, peak_memory_bytes=0, timed=of)
        for what, (cpu, of) in costs.items()
    ]


@pytest.mark.parametrize(
    ("first", "kinds", "share"),
    [
        pytest.param(120.0, [MODELS], 1 - 69 / 100, id="the start-up is taken off both"),
        pytest.param(120.0, [MODELS, LANGUAGE], 1 - 89 / 100, id="several kinds are added"),
        pytest.param(120.0, ["linking"], None, id="nothing was timed"),
        pytest.param(19.0, [MODELS], None, id="the run was shorter than its start-up"),
    ],
)
def test_overhead_share_is_what_is_of_none_of_the_kinds(first: float, kinds: list[str], share: float | None) -> None:
    told = overhead_share(make_costs(first, TIMED), kinds)
    assert told == (None if share is None else pytest.approx(share))


def test_overhead_share_compares_the_sums_of_several_rounds() -> None:
    costs = [*make_costs(120.0, TIMED), *make_costs(220.0, {MODELS: 181.0})]
    assert overhead_share(costs, [MODELS]) == pytest.approx(1 - (69 + 180) / (100 + 200))


@pytest.mark.slow
def test_measure_pipeline_tells_what_each_run_took_and_of_what() -> None:
    costs = {cost.what: cost for cost in measure_pipeline(list(make_articles(3)), "rules")}
    assert [(cost.what, cost.articles) for cost in costs.values()] == [
        (START, 1),
        (FIRST, 3),
        ("nothing new", 3),
        (f"{BARE}: one article", 1),
        (BARE, 3),
    ]
    first, again = costs[FIRST], costs["nothing new"]
    assert all(first.parts[part] > 0 for part in PARTS)
    assert first.cpu_seconds >= sum(first.parts.values()) - 0.5
    assert 0 < first.timed[MODELS] < first.cpu_seconds
    # Neither a server nor a worker, and no language work.
    assert again.cpu_seconds < first.cpu_seconds / 2
    assert not again.seconds_of([MODELS, LANGUAGE])
    assert min(cost.peak_memory_bytes for cost in costs.values()) > 50_000_000
