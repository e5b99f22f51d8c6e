"""A web server on this machine that behaves as badly as it is told to."""

import gzip
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Answerer = Callable[[BaseHTTPRequestHandler], None]


class Handler(BaseHTTPRequestHandler):
    """Answers each path as the server's table says."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = self.path.partition("?")[0]
        self.server.asked.append((path, dict(self.headers)))
        answer = self.server.answers.get(path)
        try:
            if answer is None:
                send(self, b"not here", status=404)
            else:
                answer(self)
        except (BrokenPipeError, ConnectionResetError):
            pass
        self.close_connection = True

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    """`answers` maps paths to what answers them, `asked` lists the requests in their order.

    With a file that holds a key and its certificate it speaks TLS.
    """

    daemon_threads = True
    # A request that the client gave up may still be answered.
    block_on_close = False

    def __init__(self, certificate: Path | None = None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.scheme = "https" if certificate else "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.answers: dict[str, Answerer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def base(self):
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    def counts(self):
        return Counter(path for path, _ in self.asked)

    def serve(self, path, body, **options):
        self.answers[path] = lambda handler: send(handler, body, **options)
        return self.base + path


@contextmanager
def running_server(certificate: Path | None = None) -> Iterator[Server]:
    server = Server(certificate)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def send(handler, body, *, status=200, media_type="text/html; charset=utf-8", headers=None, length=None):
    body = body.encode() if isinstance(body, str) else body
    handler.send_response(status)
    for name, value in {
        "Content-Type": media_type,
        "Content-Length": str(length or len(body)),
        **(headers or {}),
    }.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def redirect(target, status=302):
    return lambda handler: send(handler, b"", status=status, headers={"Location": target})


def drip(handler):
    """A head, then one byte now and then, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.02)


def drip_head(handler):
    """A head that never ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X: y\r\n")
        handler.wfile.flush()
        time.sleep(0.02)


def hang(handler):
    """No word."""
    time.sleep(3)


def pour(handler):
    """A page that never ends, as fast as it can."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    while True:
        handler.wfile.write(b"<p>more and more</p>" * 1000)


def bomb(size):
    body = gzip.compress(b"\0" * size, 9)
    return lambda handler: send(handler, body, headers={"Content-Encoding": "gzip"})


CONDITIONS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}


def send_when_changed(body, value, *, mark="ETag"):
    """A feed that knows by one of its marks whether it has changed."""

    def answer(handler):
        if handler.headers.get(CONDITIONS[mark]) == value:
            handler.send_response(304)
            handler.send_header(mark, value)
            handler.end_headers()
        else:
            send(handler, body, media_type="application/rss+xml", headers={mark: value})

    return answer
