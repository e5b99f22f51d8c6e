"""Runs killed at any moment: the next one ends with the tables of a run that nobody disturbed, and readers see no harm.

`ONRECORD_KILLS=25 ONRECORD_KILLED_ARTICLES=300 pytest tests/faults/test_kills.py -s` is the long form; it prints when
each kill struck.
"""

import os
import shutil
from functools import partial
from random import Random

import pytest

from tests.faults.probing import probing
from tests.faults.runs import compare_states, read_state

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("ONRECORD_KILLS", "3"))
SEED = int(os.environ.get("ONRECORD_KILL_SEED", "1"))
ONE_IN_FOUR = 4


# A kill that comes too late is drawn again, from less than the time of the run that it missed: on a machine whose load
# falls each run is shorter than the one before.
DRAWS = 4
EARLIER = 0.8
# Kills of odd numbers strike runs that annotate by the tagger, in processes of their own.
METHODS = ("rules", "tagger")


@pytest.fixture(scope="module")
def calm_by_tagger(place, published, runs) -> tuple[dict, float]:
    """As `undisturbed`, of a run that annotates by the tagger."""
    warehouse = shutil.copytree(published, place / "calm-tagger", symlinks=True)
    options = {"attribution": "tagger"}
    run = runs.start(warehouse, place / "late", log=place / "calm-tagger.log", workers=1, options=options)
    assert run.wait() == 0, run.output
    return read_state(warehouse), run.seconds


@pytest.mark.parametrize("number", range(KILLS))
def test_run_killed_and_started_again_equals_an_undisturbed_one(number, request, place, published, runs, tmp_path):
    method = METHODS[number % 2]
    expected, seconds = request.getfixturevalue("calm_by_tagger" if method == "tagger" else "undisturbed")
    dice = Random(SEED * 1000 + number)
    start = partial(runs.start, workers=number % 2, options={"attribution": method})
    for draw in range(DRAWS):
        warehouse = shutil.copytree(published, tmp_path / f"warehouse-{draw}", symlinks=True)
        with probing(warehouse) as probe:
            run = start(warehouse, place / "late", log=tmp_path / f"killed-{draw}.log")
            # One moment in every part of the run, wherever in it; the parts come in any order.
            part = Random(SEED).sample(range(KILLS), KILLS)[number]
            ended = run.wait((part + dice.random()) / KILLS * seconds)
            only_worker = number % ONE_IN_FOUR == ONE_IN_FOUR - 1 and run.kill_worker()
            if only_worker:
                # The run itself finds out, and does that part of the work again.
                assert run.wait() == 0, run.output
            elif ended is None:
                run.kill()
                again = start(warehouse, place / "late", log=tmp_path / "again.log")
                assert again.wait() == 0, again.output
        told = run.output.strip().splitlines()
        print(
            f"kill {number}, {method}: {'worker' if only_worker else 'all' if ended is None else 'too late'} after "
            f"{run.seconds:.1f} of {seconds:.1f} s, last told: {told[-1] if told else '-'}; {probe.looks} looks"
        )
        assert compare_states(read_state(warehouse), expected) == []
        assert probe.faults == []
        assert probe.looks > 1
        if only_worker or ended is None:
            return
        seconds = EARLIER * run.seconds
    pytest.fail(f"{DRAWS} runs in a row ended before they were to be killed")
