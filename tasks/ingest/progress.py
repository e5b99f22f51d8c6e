"""How far ingestion is, told to whoever listens in this process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_listeners: list[Callable[[int], None]] = []


@contextmanager
def listening(listener: Callable[[int], None]) -> Iterator[None]:
    """While the block lasts, `listener` is called with the number of inputs read so far, some times a second at most.

    A listener cannot be an argument of a task, whose arguments are written down.
    """
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def tell(count: int) -> None:
    """Tells the listeners."""
    for listener in _listeners:
        listener(count)
