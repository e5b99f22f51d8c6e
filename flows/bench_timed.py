"""A run that times, in each of its processes, what of its processor time is language work and what is linking.

`python -m flows.bench_timed FOLDER run ARGUMENTS` is `onrecord run ARGUMENTS`, whose processes leave what they took in
FOLDER, which must be there. So a share of the run is told by the run itself: a yardstick, at another time, meets
another machine wherever others use it as well.
"""

import atexit
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import wraps
from importlib.abc import Loader
from importlib.machinery import ModuleSpec, PathFinder
from multiprocessing.util import Finalize
from pathlib import Path
from threading import local
from types import MappingProxyType, ModuleType
from typing import Any

from tasks import workers

FOLDER_SETTING = "ONRECORD_BENCH_FOLDER"
MODELS, LANGUAGE, LINKING, REST = "language models", "language work", "linking", "rest"
FILES = ("read_rows", "write_rows", "write_table", "read_recurring", "write_hashes", "load_pipeline")
BATCH = dict.fromkeys(FILES, REST)
# What is timed, where it is called from. What is called within another counts for itself alone: files that a stage
# reads and writes are no language work.
TIMED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "tasks.clean.recurring.line_files": {
            "write_batch_lines": LANGUAGE,
            "choose_batch_lines": LANGUAGE,
            **BATCH,
        },
        "tasks.clean.batch": {"clean_batch_files": LANGUAGE, **BATCH},
        "tasks.annotate.batch": {"annotate_batch_files": LANGUAGE, "read_text": MODELS, **BATCH},
        "tasks.resolve.batch": {"resolve_batch_files": LANGUAGE, **BATCH},
        "tasks.link.tables": dict.fromkeys(
            ("count_articles", "group_stories", "find_copies", "add_voices", "describe_stories", "read_leads"), LINKING
        ),
        "tasks.link.attribution_tables": dict.fromkeys(
            ("add_voices", "level_artefacts", "group_quotes", "group_figures", "read_contexts"), LINKING
        ),
        "tasks.resolve.tables": {"resolve_entities": LINKING},
    }
)


class Times:
    """Processor seconds of this process by kind. Each process of a run has its own, though it was forked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = 0
        self.seconds: dict[str, float] = {}
        self._of_thread = local()

    def add(self, kind: str, seconds: float) -> None:
        """Counts seconds of this process, which leaves its sums in the folder when it ends."""
        if self.process != os.getpid():
            self.process, self.seconds = os.getpid(), defaultdict(float)
            # Workers end without what atexit has; the run's own process has nothing of multiprocessing's at its end.
            Finalize(None, self.leave, exitpriority=10)
            atexit.register(self.leave)
        self.seconds[kind] += seconds

    def leave(self) -> None:
        """Writes the sums so far."""
        (self.folder / f"{self.process}.json").write_text(json.dumps(self.seconds), "utf-8")

    def timing(self, kind: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, whose processor time is counted as of this kind, less that of others that are timed in it."""

        @wraps(function)
        def timed(*arguments: Any, **options: Any) -> Any:
            inner = self._inner_seconds
            inner.append(0.0)
            started = time.thread_time()
            try:
                return function(*arguments, **options)
            finally:
                seconds = time.thread_time() - started
                self.add(kind, seconds - inner.pop())
                if inner:
                    inner[-1] += seconds

        return timed

    @property
    def _inner_seconds(self) -> list[float]:
        if not hasattr(self._of_thread, "seconds"):
            self._of_thread.seconds = []
        return self._of_thread.seconds


class TimedModules:
    """Finds the modules of TIMED for Python's imports, and has their functions timed once they are loaded."""

    def __init__(self, times: Times) -> None:
        self.times = times

    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The module's own place, with a loader that times it; None for any other module."""
        if name not in TIMED or not (spec := PathFinder.find_spec(name, path, target)) or not spec.loader:
            return None
        spec.loader = _TimingLoader(spec.loader, self.times)
        return spec


class _TimingLoader(Loader):
    def __init__(self, loader: Loader, times: Times) -> None:
        self.loader, self.times = loader, times

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self.loader.exec_module(module)
        for name, kind in TIMED[module.__name__].items():
            if hasattr(module, name):
                setattr(module, name, self.times.timing(kind, getattr(module, name)))


def install(folder: Path) -> None:
    """From now on what is timed of modules yet to be imported is timed, in this process and its workers."""
    # A worker imports the program of its run as well, under another name.
    if any(type(finder).__name__ == TimedModules.__name__ for finder in sys.meta_path):
        return
    sys.meta_path.insert(0, TimedModules(Times(folder)))


def read_times(folder: Path) -> dict[str, float]:
    """Processor seconds by kind of all processes that left theirs in the folder."""
    totals: dict[str, float] = defaultdict(float)
    for path in folder.glob("*.json"):
        for kind, seconds in json.loads(path.read_text("utf-8")).items():
            totals[kind] += seconds
    return dict(totals)


def main() -> None:
    """The run, timed."""
    folder = Path(sys.argv.pop(1))
    os.environ[FOLDER_SETTING] = str(folder)
    # What workers are forked from imports it before anything else.
    workers.PRELOADED.insert(0, "flows.bench_timed")
    install(folder)
    from flows.__main__ import start

    start()


if __name__ == "__main__":
    main()
elif FOLDER_SETTING in os.environ:
    install(Path(os.environ[FOLDER_SETTING]))
