import asyncio

import pytest
from prefect.settings import PREFECT_SERVER_API_AUTH_STRING, temporary_settings

from flows.guarded_server import guard, own_hosts, own_origins, refusal
from flows.local_server import HOST

OWN = own_hosts(HOST, 4200)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "127.0.0.1:4200"}, None),
        ({"host": "LOCALHOST:4200", "origin": "http://127.0.0.1:4200"}, None),
        ({"host": "127.0.0.1:4200", "origin": "http://localhost:4200"}, None),
        ({}, 421),
        ({"host": "127.0.0.1"}, 421),
        ({"host": "127.0.0.1:4200.page.example"}, 421),
        ({"host": "page.example:4200", "origin": "http://page.example:4200"}, 421),
        ({"host": "127.0.0.1:4200", "origin": "https://page.example"}, 403),
        ({"host": "127.0.0.1:4200", "origin": "null"}, 403),
        ({"host": "127.0.0.1:4200", "origin": ""}, 403),
        # The published pages, whose reports hold what strangers wrote.
        ({"host": "127.0.0.1:4200", "origin": "http://127.0.0.1:4201"}, 403),
        ({"host": "127.0.0.1:4200", "origin": "https://127.0.0.1:4200"}, 403),
    ],
)
def test_refusal_lets_in_the_own_pages_and_programs_of_this_machine(headers, status):
    assert refusal([(name.encode(), value.encode()) for name, value in headers.items()], OWN) == status


def test_refusal_takes_no_second_host_or_origin():
    host, origin = (b"host", b"127.0.0.1:4200"), (b"origin", b"http://127.0.0.1:4200")
    assert refusal([host, (b"host", b"page.example")], OWN) == 421
    assert refusal([host, origin, (b"origin", b"http://page.example")], OWN) == 403


def test_own_origins_leave_out_the_port_that_browsers_do_not_name():
    assert own_origins(HOST, 4200) == "http://127.0.0.1:4200,http://localhost:4200"
    assert own_origins(HOST, 80) == "http://127.0.0.1,http://localhost"


def test_guard_passes_on_what_is_neither_a_request_nor_a_socket():
    asked = []

    async def app(scope, receive, send):
        asked.append(scope["type"])

    asyncio.run(guard(app, HOST, 4200)({"type": "lifespan"}, None, None))
    assert asked == ["lifespan"]


def test_guard_leaves_it_to_the_password_where_there_is_one():
    """Behind a proxy the server has another name."""

    async def app(scope, receive, send):
        pass

    with temporary_settings({PREFECT_SERVER_API_AUTH_STRING: "editor:loud-secret"}):
        assert guard(app, HOST, 4200) is app
