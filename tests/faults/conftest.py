"""One Prefect server for all runs that are disturbed: to start it for each would take longer than the run."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.articles import write_articles
from tests.faults.runs import Runs, read_state
from tests.serving import server_in

ARTICLES = int(os.environ.get("ONRECORD_KILLED_ARTICLES", "45"))


@pytest.fixture(scope="session")
def environment(tmp_path_factory) -> Iterator[dict[str, str]]:
    """Variables with which a run uses that server."""
    with server_in(tmp_path_factory.mktemp("server")) as variables:
        yield {**variables, "PREFECT_LOGGING_LEVEL": "CRITICAL", "OPENBLAS_NUM_THREADS": "1"}


@pytest.fixture(scope="session")
def runs(environment) -> Iterator[Runs]:
    """What starts runs."""
    started = Runs(environment)
    yield started
    started.close()


@pytest.fixture(scope="session")
def place(tmp_path_factory) -> Path:
    """Folder with the articles of a first run and of the run to disturb."""
    folder = tmp_path_factory.mktemp("faults")
    write_articles(folder / "early", 12, seed=1)
    write_articles(folder / "late", ARTICLES, seed=2)
    return folder


@pytest.fixture(scope="session")
def published(place, runs) -> Path:
    """A warehouse with the first articles; to be copied, not written to."""
    first = runs.start(place / "published", place / "early", log=place / "first.log")
    assert first.wait() == 0, first.output
    return place / "published"


@pytest.fixture(scope="session")
def undisturbed(place, published, runs) -> tuple[dict, float]:
    """The tables after a run that nobody disturbed, and the seconds that it took."""
    warehouse = shutil.copytree(published, place / "calm", symlinks=True)
    run = runs.start(warehouse, place / "late", log=place / "calm.log")
    assert run.wait() == 0, run.output
    return read_state(warehouse), run.seconds
