import io
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpcore
import pytest

from tasks.ingest.web.client import Client, NotFetched
from tests.ingest.web.certificates import write_certificate
from tests.ingest.web.conftest import IMPATIENT, QUICK
from tests.ingest.web.server import bomb, drip, drip_head, hang, pour, redirect, running_server, send

PAGE = "<!doctype html><html><body><p>The ferry sails on Friday.</p></body></html>"


def fetch(client, url, *, maximum_bytes=1_000_000, **options):
    body = io.BytesIO()
    answer = client.fetch(url, body, limit=lambda _, __: maximum_bytes, **options)
    return answer, body.getvalue()


def test_fetch_gives_the_body_and_what_the_server_says_of_it(server, client):
    url = server.serve("/a", PAGE, media_type="Text/HTML; Charset='ISO-8859-2'")
    answer, body = fetch(client, url)
    assert body == PAGE.encode()
    assert (answer.url, answer.media_type, answer.charset) == (url, "text/html", "ISO-8859-2")


def test_fetch_names_the_project(server, client):
    fetch(client, server.serve("/a", PAGE))
    assert server.asked[0][1]["User-Agent"].startswith("onrecord/")


@pytest.mark.parametrize(
    ("answer", "check"),
    [
        pytest.param(pour, "not_oversized", id="a page without end"),
        pytest.param(lambda handler: send(handler, PAGE, length=5000), "whole_answer", id="shorter than announced"),
        pytest.param(lambda handler: handler.wfile.write(b"\0\1\2 what?\r\n\r\n"), "whole_answer", id="no HTTP"),
        pytest.param(lambda handler: None, "whole_answer", id="closed without a word"),
        pytest.param(lambda handler: send(handler, "gone", status=410), "answered", id="gone"),
        pytest.param(lambda handler: send(handler, "busy", status=503), "answered", id="busy"),
        pytest.param(
            lambda handler: send(handler, PAGE, headers={"Content-Encoding": "br"}), "whole_answer", id="packed oddly"
        ),
        pytest.param(redirect("/a"), "few_redirects", id="redirect to itself"),
        pytest.param(redirect("file:///etc/hosts"), "address_allowed", id="redirect to a file"),
        pytest.param(redirect("ftp://127.0.0.1/x"), "address_allowed", id="redirect to another protocol"),
        pytest.param(redirect("http://user:word@127.0.0.1/"), "address_allowed", id="redirect with a user name"),
        pytest.param(redirect("http://["), "address_allowed", id="redirect to no address"),
        pytest.param(redirect("http://xn--/"), "address_allowed", id="redirect to no name of a host"),
        pytest.param(redirect("http://127.0.0.1:1/"), "reachable", id="redirect to a closed port"),
        pytest.param(redirect("http://x.invalid/"), "reachable", id="redirect to an unknown host"),
    ],
)
def test_fetch_gives_up_on_what_misbehaves(server, client, answer, check):
    server.answers["/a"] = answer
    with pytest.raises(NotFetched) as caught:
        fetch(client, server.base + "/a")
    assert caught.value.check == check


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(hang, id="no word"),
        pytest.param(drip, id="one byte now and then"),
        pytest.param(drip_head, id="a head without end"),
    ],
)
def test_fetch_gives_up_on_what_is_slow(server, answer):
    server.answers["/a"] = answer
    with pytest.raises(NotFetched) as caught:
        fetch(Client(IMPATIENT), server.base + "/a")
    assert caught.value.check == "in_time"


def test_fetch_leaves_a_host_alone_that_gives_no_answer_time_and_again(server):
    server.answers["/a"] = hang
    client = Client(replace(IMPATIENT, attempts=3, maximum_hangs=4))
    for _ in range(5):
        with pytest.raises(NotFetched) as caught:
            fetch(client, server.base + "/a")
        assert caught.value.check == "in_time"
        assert not caught.value.is_final
    # On a busy machine one may end before the server hears of it.
    assert len(server.asked) <= 4
    assert "4 times in a row: left to the next run" in caught.value.observed


def test_fetch_counts_only_silence_in_a_row(server):
    server.answers["/a"] = hang
    page = server.serve("/b", PAGE)
    client = Client(replace(IMPATIENT, attempts=1, maximum_hangs=2))
    for _ in range(3):
        with pytest.raises(NotFetched):
            fetch(client, server.base + "/a")
        assert fetch(client, page)[1] == PAGE.encode()


def test_fetch_ends_a_long_chain_of_redirects(server, client):
    for number in range(20):
        server.answers[f"/{number}"] = redirect(f"/{number + 1}")
    with pytest.raises(NotFetched, match="few_redirects: 6 redirects"):
        fetch(client, server.base + "/0")


def test_fetch_follows_redirects_and_tells_where_it_came_to(server, client):
    url = server.serve("/new", PAGE)
    server.answers["/old"] = redirect("new", status=301)
    answer, body = fetch(client, server.base + "/old")
    assert (answer.url, body) == (url, PAGE.encode())


def test_fetch_tries_again_after_a_passing_fault(server, client, slept):
    answers = iter([503, 200])
    server.answers["/a"] = lambda handler: send(handler, PAGE, status=next(answers), headers={"Retry-After": "7"})
    _, body = fetch(client, server.base + "/a")
    assert body == PAGE.encode()
    assert 7 in slept


def test_fetch_waits_until_the_time_that_a_server_names(server, client, slept):
    answers = iter([429, 200])
    ready_at = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    server.answers["/a"] = lambda handler: send(handler, PAGE, status=next(answers), headers={"Retry-After": ready_at})
    fetch(client, server.base + "/a")
    assert 15 < max(slept) <= 20


def test_fetch_leaves_alone_who_asks_for_a_longer_pause_than_its_patience(server, client, slept):
    server.serve("/a", "", status=429, headers={"Retry-After": "86400"})
    server.serve("/b", PAGE)
    for path, told in (("/a", "429 from"), ("/b", r"127\.0\.0\.1 asked to be left alone for another 86\d{3} s")):
        with pytest.raises(NotFetched, match=told) as caught:
            fetch(client, server.base + path)
        assert (caught.value.check, caught.value.is_final) == ("answered", False)
    assert server.counts() == {"/a": 1}
    assert not any(slept)


def test_fetch_doubles_its_pauses_up_to_a_limit(server, slept):
    patient = Client(replace(QUICK, attempts=6, first_pause=1.0, maximum_pause=5.0), sleep=slept.append)
    server.serve("/a", "", status=503)
    with pytest.raises(NotFetched):
        fetch(patient, server.base + "/a")
    assert [seconds for seconds in slept if seconds] == [1, 2, 4, 5, 5]
    assert server.counts() == {"/a": 6}


def test_fetch_takes_a_page_that_a_proxy_changed(server, client):
    assert fetch(client, server.serve("/a", PAGE, status=203))[1] == PAGE.encode()


@pytest.mark.parametrize("status", [400, 403, 404, 501])
def test_fetch_asks_once_where_asking_again_does_not_help(server, slept, status):
    server.serve("/a", "", status=status)
    with pytest.raises(NotFetched):
        fetch(Client(replace(QUICK, first_pause=1.0), sleep=slept.append), server.base + "/a")
    assert (server.counts(), slept) == ({"/a": 1}, [])


def test_fetch_believes_a_certificate_that_the_user_trusts(tmp_path, client, monkeypatch):
    certificate = write_certificate(tmp_path / "server.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running_server(certificate) as server:
        answer, body = fetch(client, server.serve("/a", PAGE))
    assert (answer.url.partition(":")[0], body) == ("https", PAGE.encode())


@pytest.mark.parametrize(
    ("is_trusted", "address", "told"),
    [
        pytest.param(False, "127.0.0.1", "self-signed certificate", id="signed by nobody"),
        pytest.param(True, "127.0.0.2", "IP address mismatch", id="for another host"),
    ],
)
def test_fetch_refuses_a_certificate_that_says_nothing(tmp_path, client, slept, monkeypatch, is_trusted, address, told):
    certificate = write_certificate(tmp_path / "server.pem", address=address)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running_server(certificate) as server, pytest.raises(NotFetched, match=told) as caught:
        fetch(client, server.serve("/a", PAGE))
    assert (caught.value.check, caught.value.is_final) == ("certificate_trusted", False)
    assert "SSL_CERT_FILE" in caught.value.expected
    assert (server.asked, slept) == ([], [])


def test_fetch_gives_up_on_a_server_without_the_tls_it_is_asked_for(server, client):
    server.serve("/a", PAGE)
    with pytest.raises(NotFetched, match="reachable") as caught:
        fetch(client, server.base.replace("http:", "https:") + "/a")
    assert not caught.value.is_final


def test_fetch_keeps_a_delay_between_requests_to_one_host(server, slept):
    client = Client(replace(QUICK, delay=5.0), sleep=slept.append)
    url = server.serve("/a", PAGE)
    fetch(client, url)
    fetch(client, url)
    assert len(slept) == 1
    assert 4 < slept[0] <= 5


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "0.0.0.0", "2130706433"]
)
def test_fetch_refuses_private_addresses(address):
    client = Client(replace(QUICK, allow_private=False))
    with pytest.raises(NotFetched) as caught:
        fetch(client, f"http://{address}:9/")
    assert caught.value.check == "address_public"


def test_fetch_refuses_a_name_that_leads_into_the_network(server, monkeypatch):
    url = server.serve("/a", PAGE).replace("127.0.0.1", "news.example")
    look_up = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: look_up("127.0.0.1", *rest, **more))
    with pytest.raises(NotFetched, match=r"address_public: news.example is 127.0.0.1"):
        fetch(Client(replace(QUICK, allow_private=False)), url)
    assert not server.asked


def test_fetch_refuses_a_redirect_into_the_network(server, monkeypatch):
    server.answers["/a"] = redirect("http://127.0.0.1:9/secret")
    look_up = socket.getaddrinfo
    # The first host counts as public, as if it stood elsewhere.
    monkeypatch.setattr(
        "tasks.ingest.web.connecting.is_public", lambda address: str(address) == "127.0.0.1" and not asked
    )
    asked = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *rest, **more: look_up(*rest, **more))

    def permit(url):
        asked.extend([url] if "secret" in url else [])

    with pytest.raises(NotFetched) as caught:
        fetch(Client(replace(QUICK, allow_private=False)), server.base + "/a", permit=permit)
    assert caught.value.check == "address_public"


def test_fetch_leaves_a_packed_body_packed(server, client):
    server.answers["/a"] = bomb(50_000_000)
    _, body = fetch(client, server.base + "/a")
    assert len(body) < 100_000


def test_fetch_raises_what_the_disk_says(server, client):
    class Full(io.BytesIO):
        def write(self, _):
            raise OSError(28, "No space left on device")

    server.serve("/a", PAGE)
    with pytest.raises(OSError, match="No space left"):
        client.fetch(server.base + "/a", Full(), limit=lambda _, __: 100)


def test_httpcore_has_the_interface_that_is_guarded():
    assert set(httpcore.NetworkStream.__dict__) >= {"read", "write", "close", "start_tls", "get_extra_info"}
