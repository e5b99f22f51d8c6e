import gc
import sys
from pathlib import Path

import pytest

from tasks.importing import call_named, import_in_background, importing


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name of a module that was not imported, and says whether garbage was looked for while it was."""
    monkeypatch.syspath_prepend(str(tmp_path))
    source = "import gc\nSEARCHED = gc.isenabled()\n\n\ndef add(a, b):\n    return a + b\n"
    (tmp_path / "made_up_module.py").write_text(source)
    monkeypatch.delitem(sys.modules, "made_up_module", raising=False)
    return "made_up_module"


def test_importing_searches_for_garbage_again_afterwards_also_after_a_failure() -> None:
    with pytest.raises(ImportError), importing():
        raise ImportError
    assert gc.isenabled()


def test_call_named_imports_without_a_search_for_garbage(module: str) -> None:
    assert call_named(f"{module}:add", 2, 3) == 5
    assert sys.modules[module].SEARCHED is False
    assert gc.isenabled()


def test_call_named_keeps_nothing_for_good_once_its_module_is_there(module: str) -> None:
    assert call_named(module) is None
    frozen = gc.get_freeze_count()
    assert call_named(f"{module}:add", 1, 1) == 2
    # What was kept before may go meanwhile.
    assert gc.get_freeze_count() <= frozen


def test_import_in_background_calls_what_it_is_told(module: str) -> None:
    import_in_background(module, "gc:isenabled").join()
    assert module in sys.modules
