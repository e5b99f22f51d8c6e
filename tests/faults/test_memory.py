"""Memory is bounded by the batch: ten times the articles in one web archive take hardly more of it.

`ONRECORD_MANY_ARTICLES=50000 pytest tests/faults/test_memory.py -s` is the long form; it prints what was used.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.faults.articles import make_article
from tests.ingest.readers.made_up import packed_warc, warc_record

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
MANY = int(os.environ.get("ONRECORD_MANY_ARTICLES", "5000"))
MAXIMUM_RATIO = 1.3
# Ingestion, the counting of lines and cleaning, batch by batch, as a run has them done within its own process.
PROGRAM = """
import json, resource, sys
from pathlib import Path
from schemas.warehouse import Warehouse
from tasks.clean.batch import clean_batch_files
from tasks.clean.recurring.line_files import choose_batch_lines, recurring_file, write_batch_lines
from tasks.ingest.batching import gather_documents
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
received = gather_documents([sys.argv[1]], Warehouse(Path(sys.argv[2])), "run")
after_ingest = peak()
lines = [batch.lines_folder for batch in received.batches]
for batch in received.batches:
    write_batch_lines(batch.documents, batch.lines_folder)
names = choose_batch_lines(lines, lines)
articles = 0
for batch, name in zip(received.batches, names, strict=True):
    recurring = recurring_file(batch.lines_folder, name) if name else None
    articles += clean_batch_files(batch.documents, batch.with_recurring(name).folder("clean"), recurring)[1]
print(json.dumps({"inputs": received.input_count, "articles": articles, "ingest": after_ingest, "clean": peak()}))
"""


def write_archive(path: Path, count: int) -> Path:
    """One web archive of so many pages, each of one paragraph."""
    dice = Random(count)
    with path.open("wb") as file:
        for number in range(count):
            text = " ".join(make_article(number, dice).split("\n\n"))
            page = f"<html><body><article><p>{text}</p></article></body></html>"
            file.write(packed_warc(warc_record(page.encode(), url=f"https://tide.example/{number}")))
    return path


def measure(folder: Path, count: int) -> dict[str, float]:
    """Peaks in megabytes after ingestion and after cleaning."""
    archive = write_archive(folder / f"{count}.warc.gz", count)
    printed = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(archive), str(folder / str(count))],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    ).stdout
    used = json.loads(printed)
    print(f"{count} articles: {used}")
    return used


def test_ten_times_the_articles_take_hardly_more_memory(tmp_path):
    few, many = (measure(tmp_path, count) for count in (MANY // 10, MANY))
    assert (few["articles"], many["articles"]) == (MANY // 10, MANY)
    assert many["ingest"] <= MAXIMUM_RATIO * few["ingest"]
    assert many["clean"] <= MAXIMUM_RATIO * few["clean"]
