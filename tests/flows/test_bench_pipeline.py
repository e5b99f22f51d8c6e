import pytest

from flows.bench_pipeline import FIRST, START, RunCost, overhead_share
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
