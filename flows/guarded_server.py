"""Prefect's server for whoever calls it by its own address: a web page that is open in the user's browser may not.

Prefect takes a request from any page, and carries it out, as long as it has no content type, which a browser sends
without asking first. So CORS, which keeps pages from reading the answer, is not enough: whoever may write may have
the worker run what they like. A password keeps pages out as well; without one, this does.
"""

import sys
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

Scope = MutableMapping[str, Any]
Answering = Callable[[Scope, Any, Any], Awaitable[None]]


def own_hosts(host: str, port: int) -> tuple[str, str]:
    """What stands before the path in a server's own addresses: `127.0.0.1:4200` and `localhost:4200`."""
    # Nobody names the port that goes without saying.
    end = "" if port == 80 else f":{port}"
    return f"{host}{end}", f"localhost{end}"


def own_origins(host: str, port: int) -> str:
    """The pages that may read answers, as PREFECT_SERVER_CORS_ALLOWED_ORIGINS takes them."""
    return ",".join(f"http://{name}" for name in own_hosts(host, port))


def guard(app: Answering, host: str, port: int) -> Answering:
    """The application, refusing what is not asked by its own pages or by a program on this machine.

    As it is where the server has a password: no page knows it, and a proxy may give the server another name.
    """
    from prefect.settings import PREFECT_SERVER_API_AUTH_STRING
    from starlette.responses import PlainTextResponse

    if PREFECT_SERVER_API_AUTH_STRING.value():
        return app
    own = own_hosts(host, port)

    async def answer(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] in ("http", "websocket") and (status := refusal(scope["headers"], own)):
            await PlainTextResponse(f"{status.phrase}\n", status)(scope, receive, send)
        else:
            await app(scope, receive, send)

    return answer


def refusal(headers: list[tuple[bytes, bytes]], own: tuple[str, ...]) -> HTTPStatus | None:
    """Why a request with the headers is refused; None where it is not."""
    given = {name: [value.decode("latin-1") for key, value in headers if key == name] for name in (b"host", b"origin")}
    # A name of theirs that leads to this machine would make their page one of ours.
    if len(given[b"host"]) != 1 or given[b"host"][0].lower() not in own:
        return HTTPStatus.MISDIRECTED_REQUEST
    # Browsers name the page with all that changes anything, and with every WebSocket; programs name none.
    if any(origin not in [f"http://{name}" for name in own] for origin in given[b"origin"]):
        return HTTPStatus.FORBIDDEN
    return None


def serve(host: str, port: int) -> None:
    """Runs the server with its pages, as `prefect server start` does."""
    import uvicorn
    from prefect.server.api.server import create_app

    uvicorn.run(guard(create_app(final=True), host, port), host=host, port=port, log_level="warning")


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
