import pytest

from flows.bench_pipeline import RunCost, overhead_share


def make_costs(first: float, bare: float) -> list[RunCost]:
    seconds = {"start-up: one article": 20.0, "first run": first, "bare models: one article": 5.0, "bare models": bare}
    seconds |= {"bare work: one article": 5.0, "bare work": bare + 5.0}
    seconds |= {"bare work and linking: one article": 6.0, "bare work and linking": bare + 11.0}
    return [
        RunCost(what=what, articles=10, cpu_seconds=cpu, seconds=cpu, peak_memory_bytes=0)
        for what, cpu in seconds.items()
    ]


@pytest.mark.parametrize(
    ("first", "bare", "share"),
    [
        pytest.param(120.0, 95.0, 0.1, id="start-ups are taken off both"),
        pytest.param(25.0, 15.0, None, id="the models took longer than the run"),
        pytest.param(19.0, 6.0, None, id="the run was shorter than its start-up"),
    ],
)
def test_overhead_share_is_what_the_models_do_not_take(first: float, bare: float, share: float | None) -> None:
    told = overhead_share(make_costs(first, bare), "language models")
    assert told == (None if share is None else pytest.approx(share))


def test_overhead_share_compares_the_sums_of_several_rounds() -> None:
    costs = [*make_costs(120.0, 95.0), *make_costs(220.0, 185.0)]
    assert overhead_share(costs, "language models") == pytest.approx(1 - (90 + 180) / (100 + 200))


def test_overhead_share_is_told_of_the_language_work_as_well() -> None:
    assert overhead_share(make_costs(120.0, 90.0), "language work") == pytest.approx(0.1)
    assert overhead_share(make_costs(120.0, 90.0), "language work and linking") == pytest.approx(0.05)
