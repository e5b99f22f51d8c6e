"""Fixtures that several test folders share."""

from collections.abc import Iterator

import pytest
from spacy.language import Language

from tasks.annotate.pipeline import load_pipeline
from tasks.workers import stop_workers
from tests.object_store import ObjectStore, serve_objects


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The pipeline of the rules, loaded once for all tests."""
    return load_pipeline("rules")


@pytest.fixture
def object_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    """An S3 server on this machine, with one bucket; the environment leads s3:// to it."""
    with serve_objects(monkeypatch) as store:
        yield store


@pytest.fixture
def one_worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One worker process, which the first call starts."""
    stop_workers()
    monkeypatch.setenv("ONRECORD_WORKERS", "1")
    yield
    stop_workers()
