"""A real browser for tests of pages: tests that ask for it are skipped where there is none."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.publish.report_pages import CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium without a window; its driver keeps an event loop running, which tests of flows cannot have."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make setup-dev")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def open_page(browser: "Browser") -> Iterator[Any]:
    """Opens a file in a new window; what it asks of the network and what it complains of is noted on the page."""
    contexts = []

    def open_file(path: Path, fragment: str = "", **options: Any) -> "Page":
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.requests = []
        page.complaints = []
        page.on("request", lambda request: page.requests.append(request.url.split("#")[0]))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("dialog", lambda dialog: page.complaints.append(dialog.message))
        page.goto(path.as_uri() + fragment)
        page.locator("main:not([aria-busy])" if options.get("java_script_enabled", True) else "main").wait_for()
        return page

    yield open_file
    for context in contexts:
        context.close()
