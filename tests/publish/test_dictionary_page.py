from pathlib import Path

import pytest

from schemas import PUBLISHED_TABLES, TABLES
from tasks.publish.dictionary_page import write_dictionary
from tests.publish.browser import find_faults
from tests.publish.report_pages import PageReader


def test_write_dictionary_tells_every_column_of_every_table(tmp_path: Path) -> None:
    page = PageReader(write_dictionary(tmp_path / "DICTIONARY.html").read_text("utf-8"))
    assert set(PUBLISHED_TABLES) == set(page.values("id"))
    for name in PUBLISHED_TABLES:
        for column in TABLES[name].columns:
            assert column.name in page.text
            assert column.description.replace("`", "") in page.text
    assert "script" not in {tag for tag, _ in page.tags}
    assert "`" not in page.text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dictionary_has_no_serious_fault_and_asks_for_nothing(open_page, tmp_path: Path, scheme: str) -> None:
    path = write_dictionary(tmp_path / "DICTIONARY.html")
    page = open_page(path, viewport={"width": 360, "height": 740})
    assert page.requests == [path.as_uri()]
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    # Nothing of a table has to be pulled into view.
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every((box) => box.scrollWidth <= box.clientWidth)")
    assert find_faults(open_page(path, bypass_csp=True, viewport={"width": 360, "height": 740})) == []
    assert find_faults(open_page(path, bypass_csp=True, color_scheme=scheme)) == []
