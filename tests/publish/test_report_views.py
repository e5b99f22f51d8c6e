import pytest

from tasks.publish.report_views import name_place, source_name, web_address
from tests.made_up_tables import MADE_UP


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://a.example/x?y=1", "https://a.example/x?y=1", id="https"),
        pytest.param("http://a.example", "http://a.example", id="http"),
        pytest.param("javascript:alert(1)", None, id="script"),
        pytest.param("JaVaScRiPt:alert(1)", None, id="script-in-other-case"),
        pytest.param("\tjavascript:alert(1)", None, id="script-after-a-tab"),
        pytest.param("data:text/html,x", None, id="data"),
        pytest.param("//a.example", None, id="no-scheme"),
        pytest.param("https://", None, id="no-host"),
        pytest.param("http://[", None, id="broken"),
        pytest.param(None, None, id="none"),
    ],
)
def test_web_address_lets_only_web_pages_be_linked(url: str | None, expected: str | None) -> None:
    assert web_address(url) == expected


def test_source_name_is_the_last_part() -> None:
    assert source_name("inbox/day/ferry.jsonl#L3") == "ferry.jsonl#L3"


def test_name_place_tells_a_quotation_from_a_figure() -> None:
    [quote], [figure] = MADE_UP[0].quote_rows(), MADE_UP[0].figure_rows()
    assert name_place(quote) == f"q{quote.start_char}-{quote.end_char}"
    assert name_place(figure) == f"f{figure.start_char}-{figure.end_char}"
