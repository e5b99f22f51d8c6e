"""Imports that take seconds: hidden behind other work, and without the search for garbage that slows them."""

import atexit
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from importlib.util import find_spec
from threading import Thread
from types import ModuleType
from typing import Any

# New objects before the youngest are looked through; how many times these before the next, and these before all.
SELDOM = (50_000, 20, 20)
# Native modules count at the end what they made and complain of what is left.
atexit.register(gc.unfreeze)


@contextmanager
def importing() -> Iterator[None]:
    """Modules imported in the block load with a sixth less processor time.

    What they make stays for good: it is not looked through for garbage, neither meanwhile nor later.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def collect_seldom() -> None:
    """From now on garbage is looked for after fifty times as many new objects as Python does by itself.

    Tables of rows are many objects without cycles, which each look goes through for nothing.
    """
    gc.set_threshold(*SELDOM)


def use_one_thread() -> None:
    """Has native libraries that are yet to be imported start no threads of their own.

    One process per core is faster than processes that each start a thread per core.
    """
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"


def call_named(name: str, *arguments: Any) -> Any:
    """What "package.module:function" returns; None for a module alone, which is imported."""
    module, _, function = name.partition(":")
    # Whatever is there at the end of an import stays for good: not more often than there is something to import.
    with nullcontext() if module in sys.modules else importing():
        found = import_module(module)
    return getattr(found, function)(*arguments) if function else None


class LaterModule(ModuleType):
    """Stands for a module until something of it is asked for, and then loads it."""

    def __getattr__(self, name: str) -> Any:
        # `from package import module` asks the package, whose attribute may be this one.
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def import_when_used(name: str) -> None:
    """Has a module that others import load when one of them first uses it, if any does.

    Nothing where it is loaded already, or not installed. importlib's LazyLoader loads it when it is imported again.
    """
    if name not in sys.modules and (spec := find_spec(name)):
        module = sys.modules[name] = LaterModule(name)
        module.__spec__ = spec


def import_in_background(*names: str) -> Thread:
    """A thread of this process that imports modules, or calls "module:function", one after the other.

    For imports that are needed only later; nobody need wait for it.
    """
    thread = Thread(target=lambda: [call_named(name) for name in names], name="import-in-background", daemon=True)
    thread.start()
    return thread
