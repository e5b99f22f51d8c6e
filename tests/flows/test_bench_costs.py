import json

from flows.bench_costs import Cost, print_costs

COST = Cost(what="first run", articles=30, cpu_seconds=15.0, seconds=60.0, peak_memory_bytes=2_000_000)


def test_articles_per_core_second_counts_processor_time() -> None:
    assert COST.articles_per_core_second == 2.0
    assert Cost(what="", articles=3, cpu_seconds=0.0, seconds=1.0, peak_memory_bytes=0).articles_per_core_second == 0


def test_print_costs_prints_a_table_or_json(capsys) -> None:
    print_costs([COST], json=False)
    table = capsys.readouterr().out
    assert all(cell in table for cell in ("first run", "15.0 s", "2 MB"))
    print_costs([COST], json=True)
    (printed,) = json.loads(capsys.readouterr().out)
    assert printed["articles"] == 30
    assert printed["articles_per_core_second"] == 2.0
