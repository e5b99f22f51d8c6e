"""Runs killed at any moment: the next one ends with the tables of a run that nobody disturbed, and readers see no harm.

`ONRECORD_KILLS=25 ONRECORD_KILLED_ARTICLES=300 pytest tests/faults/test_kills.py -s` is the long form; it prints when
each kill struck.
"""

import os
import shutil
from random import Random

import pytest

from tests.faults.probing import probing
from tests.faults.runs import compare_states, read_state

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("ONRECORD_KILLS", "3"))
SEED = int(os.environ.get("ONRECORD_KILL_SEED", "1"))
ONE_IN_FOUR = 4


@pytest.mark.parametrize("number", range(KILLS))
def test_run_killed_and_started_again_equals_an_undisturbed_one(number, place, published, undisturbed, runs, tmp_path):
    expected, seconds = undisturbed
    dice = Random(SEED * 1000 + number)
    warehouse = shutil.copytree(published, tmp_path / "warehouse", symlinks=True)
    with probing(warehouse) as probe:
        workers = number % 2
        run = runs.start(warehouse, place / "late", log=tmp_path / "killed.log", workers=workers)
        # One moment in every part of the run, wherever in it; the parts come in any order.
        part = Random(SEED).sample(range(KILLS), KILLS)[number]
        ended = run.wait((part + dice.random()) / KILLS * seconds)
        only_worker = number % ONE_IN_FOUR == ONE_IN_FOUR - 1 and run.kill_worker()
        if only_worker:
            # The run itself finds out, and does that part of the work again.
            assert run.wait() == 0, run.output
        elif ended is None:
            run.kill()
            again = runs.start(warehouse, place / "late", log=tmp_path / "again.log")
            assert again.wait() == 0, again.output
    told = run.output.strip().splitlines()
    print(
        f"kill {number}: {'worker' if only_worker else 'all' if ended is None else 'too late'} after "
        f"{run.seconds:.1f} of {seconds:.1f} s, last told: {told[-1] if told else '-'}; {probe.looks} looks"
    )
    assert compare_states(read_state(warehouse), expected) == []
    assert probe.faults == []
    assert probe.looks > 1
