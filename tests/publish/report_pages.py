"""Pages for tests of the report: one of made-up tables, one whose every text is hostile, and what they hold."""

import gzip
import json
import shutil
from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tasks.publish.report import write_report
from tests.made_up_tables import FERRY, OLSEN, MadeUp, made_up_rows, write_staged

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOSTILE = (
    "</script><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
    "<svg onload=document.title='run'></svg> </style><style>*{display:none}</style><!--<script> "
    "<a href=\"javascript:document.title='run'\">x</a> <iframe src=https://evil.example></iframe> "
    "<link rel=stylesheet href=https://evil.example/x.css><meta http-equiv=refresh content=0;url=https://evil.example> "
    "\u2028\u2029 {{ 7*7 }} {% raw %} ' \" & --> ]]>"
)


class PageReader(HTMLParser):
    """Collects what a page holds: its tags with attributes, its ids, its text, its records by name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.chunks: list[tuple[int, list[Any]]] = []
        self._first: int | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        self.tags.append((tag, values))
        self._first = int(values["data-first"] or 0) if "data-first" in values else None

    def handle_data(self, data: str) -> None:
        if self._first is not None:
            self.chunks.append((self._first, json.loads(gzip.decompress(b64decode(data, validate=True)))))
            self._first = None
        else:
            self.text += data

    @property
    def records(self) -> dict[str, Any]:
        """The records, named by the index as the page's script names them."""
        held = [record for _, chunk in self.chunks for record in chunk]
        assert [first for first, _ in self.chunks] == [
            sum(len(chunk) for _, chunk in self.chunks[:number]) for number in range(len(self.chunks))
        ]
        names = [
            "index",
            *(f"story:{line['id']}" for line in held[0]["stories"]),
            *(f"person:{line['id']}" for line in held[0]["people"]),
            *(f"article:{line[0]}" for line in held[0]["articles"]),
        ]
        return dict(zip(names, held, strict=True))

    def values(self, attribute: str) -> list[str]:
        return [values[attribute] or "" for _, values in self.tags if attribute in values]


def write_page(folder: Path, inputs: list[MadeUp] | None = None, **changes: Any) -> Path:
    """Writes the report of made-up inputs; its path comes back."""
    rows = made_up_rows(inputs) | changes
    return write_report(write_staged(folder / "staged", rows), folder / "report.html")


def read_page(path: Path) -> PageReader:
    """What the page at `path` holds."""
    return PageReader(path.read_text("utf-8"))


def write_hostile_page(folder: Path) -> Path:
    """Writes a report whose every text column holds markup and script; its path comes back."""
    item = MadeUp(f"{HOSTILE}.txt", f"{HOSTILE} he said.\n\nAD {HOSTILE}", HOSTILE, HOSTILE, FERRY)
    item.quotes = [{"content": HOSTILE, "speaker": None, "cue": "said", "who": (OLSEN, HOSTILE), "title": HOSTILE}]
    item.titles = [(OLSEN, HOSTILE, True)]
    item.removed = [(f"\n\nAD {HOSTILE}", "advertisement")]
    item.url = "javascript:document.title='run'"
    other = MadeUp("b.txt", f"{HOSTILE} b he said.", HOSTILE, f"b {HOSTILE}", FERRY)
    other.quotes = list(item.quotes)
    rows = made_up_rows([item, other])
    names = ("source_uri", "observed", "expected", "check_name", "name", "aliases", "usual_title", "inputs")
    for row in (*rows["quarantine"], *rows["entities"], *rows["runs"]):
        for name in names:
            if hasattr(row, name):
                setattr(row, name, HOSTILE)
    for row in rows["articles"]:
        row.subtitle = row.byline = row.section = row.dateline = HOSTILE
    for row in rows["entity_titles"]:
        row.is_usual = False
    return write_report(write_staged(folder / "staged", rows), folder / "report.html")
