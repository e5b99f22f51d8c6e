"""Published snapshots over HTTP on this machine: a browser opens no file from a page of Prefect's UI."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flows.local_server import HOST

# The report holds its own script and style, and nothing on these pages has a reason to load anything.
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"


class SnapshotPages(SimpleHTTPRequestHandler):
    """Answers with files and listings of snapshots below one folder, and with nothing else."""

    server_version, sys_version = "onrecord", ""

    def __init__(self, *arguments: Any, root: Path, **options: Any) -> None:
        self.root = root
        super().__init__(*arguments, directory=str(root), **options)

    def send_head(self) -> Any:
        """The file to send, once it is clear that it may be; else None, and the error is sent."""
        # Another name for this machine would let a page from elsewhere read these.
        if self.headers.get("Host", "").rpartition(":")[0] not in (HOST, "localhost"):
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return None
        if not is_in_snapshot(self.root, self.path):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def end_headers(self) -> None:
        """Sends the headers, among them those that keep what is published from doing anything."""
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        super().end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: who reads what is nobody's business."""


def is_in_snapshot(root: Path, address: str) -> bool:
    """Whether an address names a file or a folder within a snapshot below `root`, with no link leading out of it."""
    names = unquote(urlsplit(address).path).strip("/").split("/")
    if any(name in ("", ".", "..") or "\0" in name for name in names):
        return False
    places = [number for number, name in enumerate(names[:-1]) if name == "snapshots" and names[number + 1].isdigit()]
    if not places:
        return False
    snapshot = root.joinpath(*names[: places[0] + 2])
    return root.joinpath(*names).resolve().is_relative_to(snapshot.resolve()) and snapshot.resolve().is_relative_to(
        root.resolve()
    )


@contextmanager
def serve_pages(root: Path, port: int) -> Iterator[str]:
    """Address of the snapshots below `root`, served until the block ends; OSError where the port is taken."""
    with ThreadingHTTPServer((HOST, port), partial(SnapshotPages, root=root)) as server:
        thread = threading.Thread(target=server.serve_forever, name="snapshot-pages", daemon=True)
        thread.start()
        try:
            yield f"http://{HOST}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
