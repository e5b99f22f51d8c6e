from dataclasses import replace

import pytest

from tasks.ingest.web.client import Client
from tasks.ingest.web.memory import WebMemory
from tasks.ingest.web.reading import WebReader
from tasks.ingest.web.settings import WebSettings
from tests.ingest.web.server import running_server

# Time enough for a busy machine; what tests slowness takes less.
QUICK = WebSettings(
    allow_private=True, connect_timeout=5, read_timeout=5, deadline=5, attempts=2, first_pause=0.0, delay=0.0
)
IMPATIENT = replace(QUICK, read_timeout=0.3, deadline=0.5, attempts=1)


@pytest.fixture
def server():
    with running_server() as started:
        yield started


@pytest.fixture
def slept():
    """Seconds that were to be waited."""
    return []


@pytest.fixture
def client(slept):
    return Client(QUICK, sleep=slept.append)


@pytest.fixture
def memory(tmp_path):
    opened = WebMemory(tmp_path / "web.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def reader(client, memory, tmp_path):
    return WebReader(client, memory, is_held=lambda _: True, spool_folder=tmp_path / "spool")
