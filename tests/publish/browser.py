"""What axe finds on a page."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page


def find_faults(page: "Page") -> list[str]:
    """Serious and critical faults that axe finds on the page, as "rule: how many places, the first"."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed: make setup-dev")
    violations = axe.Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {len(fault['nodes'])}, {fault['nodes'][0]['html']}"
        for fault in violations
        if fault["impact"] in ("serious", "critical")
    ]
