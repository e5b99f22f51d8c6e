"""A file read in a process of its own: where native code dies of its bytes or hangs, it is refused and the run goes on.

One such process is started when the first file needs it, and reads all that follow, until it dies or is ended.
"""

import atexit
import io
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path
from typing import Any, BinaryIO

from schemas import Document
from tasks.ingest.encoding import Unreadable
from tasks.ingest.readers.reader import Options, Read, Refused, Skipped, Stream
from tasks.ingest.unpacking import copy_to_disk

ROOT = Path(__file__).parents[2]
PROGRAM = "import sys; from tasks.ingest.apart import serve; serve(int(sys.argv[1]))"
# A row of the largest row group that is read comes within seconds.
PATIENCE_SECONDS = 300.0
EXPECTED = "a file of which no process dies, nor takes more memory than there is"


@dataclass(frozen=True, slots=True)
class _End:
    """The last thing that is told of a file: what ended its reading, if not its own end."""

    fault: Exception | None = None


class _ReadingProcess:
    """A process that reads one file at a time."""

    def __init__(self) -> None:
        self.connection, theirs = Pipe()
        # Nothing of the working folder is imported: it may be one of inputs.
        paths = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", PROGRAM, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env={**os.environ, "PYTHONPATH": paths},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        theirs.close()

    def ask(self, read: Read, stream: Stream, options: Options) -> None:
        """Lets it begin with a file, which lies on a disk."""
        self.given = 0
        with self._telling_of_death():
            self.connection.send((read, replace(stream, file=io.BytesIO()), options))
            send_handle(self.connection, stream.file.fileno(), self.process.pid)

    def receive(self) -> Any:
        """The next input of the file, or its _End; Unreadable where the process dies or gives none for too long."""
        with self._telling_of_death():
            if not self.connection.poll(PATIENCE_SECONDS):
                observed = (
                    f"the process that read it gave nothing for {PATIENCE_SECONDS:g} s, behind {self.given} inputs"
                )
                raise Unreadable("reader_answers", observed, "a file of which no input takes so long")
            item = self.connection.recv()
        self.given += 1
        return item

    @contextmanager
    def _telling_of_death(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, ConnectionError) as error:
            observed = f"the process that read it ended ({self.end()}), behind {self.given} inputs"
            raise Unreadable("reader_survives", observed, EXPECTED) from error

    def end(self) -> str:
        """How it ended, or was ended."""
        self.connection.close()
        if self.process.poll() is None:
            try:
                self.process.wait(1)
            except subprocess.TimeoutExpired:
                self.process.kill()
        code = self.process.wait()
        return signal.Signals(-code).name if code < 0 else f"exit {code}"


_idle: list[_ReadingProcess] = []


def read_apart(read: Read, stream: Stream, options: Options) -> Iterator[Document | Refused | Skipped]:
    """What `read` gives of a stream, read in another process.

    Unreadable where that process dies, or hangs and is ended: what it gave before stands. What lies on no disk is
    copied to one first.
    """
    stream = replace(stream, file=_on_disk(stream.file, options.spool_folder))
    reader = _take_idle() or _ReadingProcess()
    is_whole = False
    try:
        reader.ask(read, stream, options)
        while not isinstance(item := reader.receive(), _End):
            yield item
        is_whole = True
    finally:
        if is_whole:
            _idle.append(reader)
        else:
            reader.end()
    if item.fault:
        raise item.fault


def _take_idle() -> _ReadingProcess | None:
    while _idle:
        reader = _idle.pop()
        # One may have been killed while it waited.
        if reader.process.poll() is None:
            return reader
        reader.end()
    return None


@atexit.register
def end_readers() -> None:
    """Ends the processes that wait for a file."""
    while _idle:
        _idle.pop().end()


def _on_disk(file: BinaryIO, spool_folder: Path | None) -> BinaryIO:
    try:
        file.fileno()
    except OSError:
        return copy_to_disk(file, spool_folder)
    return file


def serve(handle: int) -> None:
    """Reads the files that are sent to this process, until its parent closes the connection."""
    # What dies here leaves no file behind.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    connection = Connection(handle)
    while True:
        try:
            read, stream, options = connection.recv()
            with os.fdopen(recv_handle(connection), "rb") as file:
                connection.send(_End(_send_all(connection, read, replace(stream, file=file), options)))
        except (EOFError, ConnectionError):
            return


def _send_all(connection: Any, read: Read, stream: Stream, options: Options) -> Exception | None:
    try:
        for item in read(stream, options):
            connection.send(item)
    except ConnectionError:
        raise
    except MemoryError as error:
        # It is of this file: another process has memory yet.
        return Unreadable("reader_survives", f"the process that read it had no memory left: {error}", EXPECTED)
    except Exception as error:
        # An exception of a library may not be made again from what it tells.
        is_known = isinstance(error, Unreadable) or type(error).__module__ == "builtins"
        return error if is_known else RuntimeError(f"{type(error).__name__}: {error}")
    return None
