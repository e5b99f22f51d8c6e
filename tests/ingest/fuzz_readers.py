"""A target for atheris, which looks for bytes that lead where no bytes have led before.

    python -m tests.ingest.fuzz_readers -max_total_time=600

Whatever comes in, the readers give documents and refusals that the tables can hold. `make check` runs it for some
seconds, `make fuzz` for long; where atheris is not installed, nothing is tried.
"""

import sys

try:
    import atheris
except ImportError:
    print("atheris is not installed here: hypothesis alone looked for faults")
    sys.exit(0)

# The last atheris for Python 3.11 rewrites a function that begins with a loop so that it loses its arguments.
MISREAD = [
    "tasks.ingest.gzip_members",
    "tasks.ingest.readers.json_values",
    "tasks.ingest.readers.table",
    "tasks.ingest.readers.warc_records",
    "tasks.ingest.wide",
]

with atheris.instrument_imports(include=["tasks.ingest"], exclude=MISREAD):
    from tasks.ingest.formats import READERS
    from tests.ingest.readers.reading import read_bytes
    from tests.ingest.soundness import require_sound

SUFFIXES = ["", ".gz", ".bz2", ".zst", ".zip", *sorted({suffix for reader in READERS for suffix in reader.suffixes})]
MAXIMUM_BYTES = 100_000


def try_bytes(raw: bytes) -> None:
    """Reads the bytes behind the first, which chooses the name of the file."""
    suffix = SUFFIXES[raw[0] % len(SUFFIXES)] if raw else ""
    for item in read_bytes(raw[1:], "in" + suffix, maximum_bytes=MAXIMUM_BYTES):
        require_sound(item)


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_bytes)
    atheris.Fuzz()
