"""What a stranger reads off the report of five real articles, without help."""

import pytest

from tests.publish.report_pages import read_page


@pytest.mark.slow
def test_first_screen_tells_who_spoke_what_is_shared_and_what_disagrees(seeds_run) -> None:
    assert seeds_run.exit_code == 0, seeds_run.output
    index = read_page(seeds_run.warehouse / "current" / "report.html").records["index"]
    [story] = index["stories"]
    assert [name for name, _ in story["speakers"][:2]] == ["Wendy Sherman", "Sergei Ryabkov"]
    assert ("Wendy Sherman", 4, 3) in [(line["speaker"], line["outlets"], line["wordings"]) for line in story["shared"]]
    assert "7, 7.5 or 8 hours" in [words for _, words, _ in story["disagree"]]
