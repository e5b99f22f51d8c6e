from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from flows.serve_pages import serve_pages


@pytest.fixture
def data(tmp_path: Path) -> Path:
    snapshot = tmp_path / "data" / "warehouse" / "snapshots" / "000001"
    (snapshot / "quotes").mkdir(parents=True)
    (snapshot / "report.html").write_text("<p>report</p>")
    (snapshot / "out").symlink_to(tmp_path)
    (tmp_path / "data" / "prefect").mkdir()
    (tmp_path / "data" / "prefect" / "prefect.db").write_text("secret")
    (tmp_path / "secret").write_text("secret")
    return tmp_path / "data"


def ask(address: str, host: str | None = None) -> tuple[int, str, dict]:
    request = Request(address, headers={"Host": host} if host else {})
    try:
        with urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except HTTPError as error:
        return error.code, "", dict(error.headers)


def test_serve_pages_gives_reports_and_listings_of_snapshots(data):
    with serve_pages(data, 0) as address:
        status, text, headers = ask(f"{address}/warehouse/snapshots/000001/report.html")
        listing = ask(f"{address}/warehouse/snapshots/000001/")[1]
    assert (status, text) == (200, "<p>report</p>")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "quotes/" in listing


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/prefect/prefect.db",
        "/warehouse/",
        "/warehouse/snapshots/",
        "/warehouse/snapshots/000001/../../../prefect/prefect.db",
        "/warehouse/snapshots/000001/%2e%2e/%2e%2e/%2e%2e/prefect/prefect.db",
        "/warehouse/snapshots/000001/out/secret",
        "/warehouse/snapshots/000001/%00",
        "//etc/passwd",
    ],
)
def test_serve_pages_gives_nothing_else(data, path):
    with serve_pages(data, 0) as address:
        assert ask(address + path)[0] == 404


def test_serve_pages_answers_under_its_own_name_only(data):
    with serve_pages(data, 0) as address:
        assert ask(f"{address}/warehouse/snapshots/000001/report.html", host="evil.example:80")[0] == 421
