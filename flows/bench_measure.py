"""How fast work on documents goes: CPU time of several passes, and which part of the code it is spent in."""

import multiprocessing
import resource
import signal
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

from schemas.runs import Document

# The system's own clock may tick less often: every four milliseconds on most.
SECONDS_BETWEEN_SAMPLES = 0.001
# Ten ticks of the slowest clock of CPU time.
SHORTEST_PASS_SECONDS = 0.1
OTHER = "other"

# Called anew for each pass, which makes things ready and is not measured; what it gives goes over the documents once.
Pass = Callable[[], Iterable[object]]
STATUS_FILE = Path("/proc/self/status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One thing to measure.

    `prepare` does for the documents, unmeasured, what comes before the stage, and gives the pass that is measured; a
    stage without one works on files (see `flows.bench_files`) and is given one before it is measured.
    `package` is the package whose modules are told apart; `parts` names some of their functions, as
    "module.qualified_name", where a module's own name says too little. Of more documents than `limit` the first are
    measured.
    """

    name: str
    package: str
    prepare: Callable[[Sequence[Document]], Pass] | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What was measured of one stage. `cpu_seconds` holds one number a pass: for going over the documents once.

    `shares` of the CPU time by part add up to 1; there are none where the passes were over before the first sample.
    """

    stage: str
    documents: int
    words: int
    bytes: int
    cpu_seconds: tuple[float, ...]
    shares: Mapping[str, float]
    peak_memory_bytes: int

    @property
    def documents_per_second(self) -> tuple[float, float, float]:
        """Documents a second on one core: the lowest, the median and the highest of the passes."""
        rates = [self.documents / seconds for seconds in self.cpu_seconds]
        return min(rates), statistics.median(rates), max(rates)

    @property
    def megabytes_per_second(self) -> float:
        """Million bytes of UTF-8 text a second on one core, median of the passes."""
        return self.bytes / 1e6 / statistics.median(self.cpu_seconds)

    def as_row(self) -> dict[str, Any]:
        """All numbers under names that carry their unit."""
        lowest, median, highest = self.documents_per_second
        return {
            "stage": self.stage,
            "documents": self.documents,
            "words": self.words,
            "bytes": self.bytes,
            "documents_per_second": {"median": median, "lowest": lowest, "highest": highest},
            "megabytes_per_second": self.megabytes_per_second,
            "cpu_seconds": list(self.cpu_seconds),
            "shares": dict(self.shares),
            "peak_memory_bytes": self.peak_memory_bytes,
        }


class _Measured(Protocol):
    """One stage while it is measured, pass by pass."""

    def run_pass(self) -> None:
        """Measures one pass more."""

    def finish(self) -> Measurement:
        """What was measured."""


class _Here:
    """One stage while it is measured in this process."""

    def __init__(self, stage: Stage, documents: Sequence[Document]) -> None:
        if stage.prepare is None:
            raise ValueError(f"nothing is ready for {stage.name} to work on")
        self.stage, self.documents = stage, documents
        self._run = stage.prepare(documents)
        self._cpu_seconds: list[float] = []
        self._seconds: dict[str, float] = defaultdict(float)
        _time_pass(self._run)
        self._peak_memory_bytes = read_peak_memory()

    def run_pass(self) -> None:
        with _sample_parts(self.stage, self._seconds):
            self._cpu_seconds.append(_time_pass(self._run))

    def finish(self) -> Measurement:
        seconds, total = self._seconds, sum(self._seconds.values())
        return Measurement(
            stage=self.stage.name,
            documents=len(self.documents),
            words=sum(len(document.raw_text.split()) for document in self.documents),
            bytes=sum(len(document.raw_text.encode("utf-8", "surrogatepass")) for document in self.documents),
            cpu_seconds=tuple(self._cpu_seconds),
            shares={part: seconds[part] / total for part in sorted(seconds, key=seconds.__getitem__, reverse=True)},
            peak_memory_bytes=self._peak_memory_bytes,
        )


class _Apart:
    """One stage while it is measured in a process of its own, which `stack` ends."""

    # In that process: what is measured there.
    here: "_Here"

    def __init__(self, stage: Stage, documents: Sequence[Document], stack: ExitStack) -> None:
        self._process = stack.enter_context(ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")))
        self._process.submit(_Apart._begin, stage, documents).result()

    def run_pass(self) -> None:
        self._process.submit(_Apart._run_pass).result()

    def finish(self) -> Measurement:
        return self._process.submit(_Apart._finish).result()

    @staticmethod
    def _begin(stage: Stage, documents: Sequence[Document]) -> None:
        _Apart.here = _Here(stage, documents)

    @staticmethod
    def _run_pass() -> None:
        _Apart.here.run_pass()

    @staticmethod
    def _finish() -> Measurement:
        return _Apart.here.finish()


def measure_stages(
    stages: Sequence[Stage],
    documents: Sequence[Document],
    *,
    passes: int,
    apart: bool = True,
    report: Callable[[str], None] = lambda stage: None,
) -> list[Measurement]:
    """The stages' speeds on the documents, in order; each in a process of its own, or else all in this one.

    One pass more than `passes` comes first: it loads models and is not counted. Then the stages take turns, a pass
    each, so that what else the machine does falls on all alike. `report` is called with the stage's name after each
    pass. Peak memory is read after the first pass: that of the stage where it is apart.
    """
    if not documents or passes < 1:
        raise ValueError("measuring takes a document and a pass at least")
    with ExitStack() as stack:
        measured: list[tuple[str, _Measured]] = []
        for stage in stages:
            read = documents[: stage.limit]
            measured.append((stage.name, _Apart(stage, read, stack) if apart else _Here(stage, read)))
            report(stage.name)
        for _ in range(passes):
            for name, one in measured:
                one.run_pass()
                report(name)
        return [one.finish() for _, one in measured]


def count_steps(passes: int) -> int:
    """How often `measure_stages` reports each stage."""
    return passes + 1


def _time_pass(run: Pass) -> float:
    """CPU seconds that going over the documents once takes; few documents are gone over again and again."""
    rounds, seconds = 0, 0.0
    while seconds < SHORTEST_PASS_SECONDS:
        work = run()
        started = time.process_time()
        for _ in work:
            pass
        seconds += time.process_time() - started
        rounds += 1
    return seconds / rounds


@contextmanager
def _sample_parts(stage: Stage, seconds: dict[str, float]) -> Iterator[None]:
    """Adds up the CPU seconds of each part of the stage, told every few milliseconds, until the block ends.

    Python hears of a sample only when native code returns to it, so each counts for all the time since the one before.
    """
    last = time.process_time()

    def note(_number: int, frame: FrameType | None) -> None:
        nonlocal last
        now = time.process_time()
        seconds[find_part(frame, stage)] += now - last
        last = now

    previous = signal.signal(signal.SIGPROF, note)
    signal.setitimer(signal.ITIMER_PROF, SECONDS_BETWEEN_SAMPLES, SECONDS_BETWEEN_SAMPLES)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)


def find_part(frame: FrameType | None, stage: Stage) -> str:
    """The part of the stage that the frame runs for: the innermost function with a name, else module of the stage."""
    prefix = stage.package + "."
    innermost = None
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith(prefix):
            module = module.removeprefix(prefix)
            innermost = innermost or module
            if part := stage.parts.get(f"{module}.{frame.f_code.co_qualname}"):
                return part
        frame = frame.f_back
    return innermost or OTHER


def read_peak_memory() -> int:
    """Most memory this process has held so far, in bytes."""
    if STATUS_FILE.exists():
        # What the system tells of a process's use counts what its parent held when it started it.
        lines = STATUS_FILE.read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
