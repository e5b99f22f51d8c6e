"""report.html: one page that opens by a double click, loads nothing and runs no script but its own."""

import gzip
import hashlib
import os
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tasks.publish.report_index import Record, describe_report
from tasks.publish.report_reading import read_report
from tasks.publish.report_records import make_records, write_record
from tasks.publish.report_views import LeftOut, ReportView
from tasks.publish.report_words import count_things, join_words

FOLDER = Path(__file__).parent
SCRIPTS = ("report_dom.js", "report_plots.js", "report_story.js", "report_pages.js", "report.js")
# Some thirty articles: few enough to unpack unnoticed, enough to be packed well.
CHUNK_CHARACTERS = 500_000
# Of 840 articles level 6 makes a page a twentieth smaller, in twice the time; 9 six thousandths more, in three times.
PACKING_LEVEL = 4


def write_report(staged: Path, path: Path, snapshot_number: int | None = None) -> Path:
    """Writes the page of the tables `staged/<table>.parquet`, whole or not at all; `path` comes back.

    `snapshot_number` is shown where it is known already.
    """
    report = read_report(staged)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("w", encoding="utf-8") as file:
        file.writelines(render_report(report, snapshot_number=snapshot_number))
    os.replace(part, path)
    return path


def render_report(report: ReportView, *, snapshot_number: int | None = None) -> Iterator[str]:
    """The page as pieces of HTML.

    Text from articles stands in data elements only, packed, so that nothing in it is markup; the page's own script
    unpacks it and shows it as text.
    """
    style = (FOLDER / "report.css").read_text("utf-8")
    script = "\n".join((FOLDER / name).read_text("utf-8") for name in SCRIPTS)
    yield from load_template("report.html").generate(
        summary=describe_report(report),
        left_out=describe_left_out(report.left_out),
        chunks=pack_records(record for _, record in make_records(report, snapshot_number=snapshot_number)),
        style=Markup(style),
        script=Markup(script),
        policy=write_policy(style, script),
    )


def pack_records(records: Iterable[Record], *, chunk_characters: int = CHUNK_CHARACTERS) -> Iterator[tuple[int, str]]:
    """(number of its first record, packed list of records) for each chunk: the first record, then others in order.

    A packed list is gzipped JSON in base64. The first record is alone in its chunk: a page needs it to begin with.
    """
    # A chunk is packed, by native code, while the records of the next are made.
    with ThreadPoolExecutor(1) as packer:
        packing: tuple[int, Future[str]] | None = None
        for first, texts in _part_records(records, chunk_characters):
            packed, packing = packing, (first, packer.submit(_pack, texts))
            if packed:
                yield packed[0], packed[1].result()
        if packing:
            yield packing[0], packing[1].result()


def _part_records(records: Iterable[Record], chunk_characters: int) -> Iterator[tuple[int, list[str]]]:
    """(number of its first record, its records as JSON) for each chunk."""
    first, texts, size = 0, list[str](), 0
    for number, record in enumerate(records):
        texts.append(write_record(record))
        size += len(texts[-1])
        if number == 0 or size >= chunk_characters:
            yield first, texts
            first, texts, size = number + 1, [], 0
    if texts:
        yield first, texts


def _pack(texts: Sequence[str]) -> str:
    # Without a time of writing, so that equal tables give equal pages.
    return b64encode(gzip.compress(f"[{','.join(texts)}]".encode(), PACKING_LEVEL, mtime=0)).decode()


def describe_left_out(left_out: LeftOut) -> str:
    """What the page does not show, in words; empty where it shows all."""
    counts = []
    if left_out.articles:
        counts.append(count_things(left_out.articles, "article"))
    if left_out.stories:
        counts.append(count_things(left_out.stories, "story", "stories"))
    return f"{join_words(counts)} more in the tables." if counts else ""


def write_policy(style: str, script: str | None = None) -> str:
    """What the browser may do on a page with this style and script: run these, load nothing, make no markup of text."""
    # The hashes let the browser refuse anything else, should a value ever slip through.
    scripts = f"script-src '{_hash_source(script)}'; " if script else ""
    return (
        f"default-src 'none'; style-src '{_hash_source(style)}'; {scripts}base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


def load_template(name: str) -> Any:
    """The template of this folder; it escapes every value, and fails on one it does not know."""
    return _environment().get_template(name)


def _hash_source(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
