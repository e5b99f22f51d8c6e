import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import atexit, sys
from flows.ending import run_to_end

class Noisy:
    def __del__(self):
        sys.stderr.write("taken apart ")

def main():
    global noisy
    noisy = Noisy()
    noisy.itself = noisy
    atexit.register(print, "registered before the end", end=" ")
    sys.stdout.write("written ")
    {ending}

run_to_end(main)
"""


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        pytest.param("pass", 0, id="returns"),
        pytest.param("sys.exit()", 0, id="exits-without-a-code"),
        pytest.param("sys.exit(2)", 2, id="exits-with-a-code"),
    ],
)
def test_run_to_end_keeps_code_output_and_what_was_registered_but_takes_nothing_apart(ending: str, code: int) -> None:
    done = subprocess.run([sys.executable, "-c", CODE.format(ending=ending)], capture_output=True, text=True)
    assert done.returncode == code
    assert done.stdout == "written registered before the end "
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("ending", "told"),
    [
        pytest.param("sys.exit('no such thing')", "no such thing", id="message"),
        pytest.param("raise KeyError('gone')", "KeyError: 'gone'", id="error"),
    ],
)
def test_run_to_end_leaves_an_error_to_python(ending: str, told: str) -> None:
    done = subprocess.run([sys.executable, "-c", CODE.format(ending=ending)], capture_output=True, text=True)
    assert done.returncode == 1
    assert told in done.stderr
    assert done.stdout == "written registered before the end "


def test_run_to_end_works_without_standard_streams(tmp_path: Path) -> None:
    """Nothing that the process opens takes the place of one, and what it starts can print."""
    code = """
import subprocess, sys
from flows.ending import run_to_end

def main():
    print("unheard")
    with open(sys.argv[1], "w") as file:
        assert file.fileno() > 2
        subprocess.run(["echo", "unheard"], check=True)

run_to_end(main)
"""
    shell = '"$0" -c "$1" "$2" <&- >&-'
    written = tmp_path / "written"
    done = subprocess.run(["sh", "-c", shell, sys.executable, code, str(written)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert written.read_text() == ""
