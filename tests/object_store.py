"""An S3 server for tests, served by a thread of this process on the loopback address."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest


@dataclass(frozen=True)
class ObjectStore:
    """A bucket as an address of fsspec, and the file system that reads it."""

    address: str
    filesystem: Any


@contextmanager
def serve_objects(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    """An empty bucket; `s3://` addresses lead to this server while the block lasts."""
    import s3fs
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = {
        "AWS_ACCESS_KEY_ID": "editor",
        "AWS_SECRET_ACCESS_KEY": "made-up",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    # What was made before asks another address.
    s3fs.S3FileSystem.clear_instance_cache()
    filesystem = s3fs.S3FileSystem()
    # The server's buckets outlive it within this process.
    bucket = f"newsroom-{uuid4().hex[:12]}"
    filesystem.mkdir(bucket)
    try:
        yield ObjectStore(f"s3://{bucket}", filesystem)
    finally:
        s3fs.S3FileSystem.clear_instance_cache()
        server.stop()
