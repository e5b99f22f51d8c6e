import base64
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from tasks.publish.charts import as_address, throughput_chart
from tests.made_up_tables import made_up_rows

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def run():
    return made_up_rows()["runs"][0]


def read(svg: str) -> tuple[list[str], list[float]]:
    """Its texts, and the heights of its bars."""
    root = ElementTree.fromstring(svg)
    bars = [float(bar.get("height", 0)) for bar in root.iter(f"{SVG}rect")][1:]
    return [text.text or "" for text in root.iter(f"{SVG}text")], bars


def test_throughput_chart_tells_documents_and_speed(run):
    texts, bars = read(throughput_chart([(20.0, 64), (10.0, 64), (40.0, 32)], [run]))
    assert "160 documents in 40 s: 4.0 a second" in texts
    # A batch was worked on since the one before it.
    assert bars == [pytest.approx(bars[0], abs=0.1)] * 15 + [pytest.approx(bars[0] / 4, abs=0.1)] * 15


def test_throughput_chart_shows_no_peak_where_batches_end_together(run):
    _, bars = read(throughput_chart([(10.0, 128), (10.1, 128), (20.0, 256)], [run]))
    assert bars == [pytest.approx(bars[0], abs=0.1)] * 30


def test_throughput_chart_of_no_language_work_shows_the_runs(run):
    runs = [
        replace(run, run_id=f"r{day:02}", started_at=run.started_at + timedelta(days=day), input_count=10 + day)
        for day in range(40)
    ]
    texts, bars = read(throughput_chart([], runs))
    assert f"{runs[-1].started_at:%d %b %H:%M}" in texts
    assert len(bars) == 2 * 24


def test_throughput_chart_of_nothing_is_a_picture():
    assert read(throughput_chart([], []))[0]


def test_throughput_chart_of_work_done_at_once_is_a_picture():
    assert "5 documents in 1 s: 5.0 a second" in read(throughput_chart([(0.0, 5)], []))[0]


def test_as_address_holds_the_picture():
    address = as_address("<svg/>")
    assert base64.b64decode(address.removeprefix("data:image/svg+xml;base64,")) == b"<svg/>"
