import gc
import sys
from pathlib import Path

import pytest

from tasks.importing import LaterModule, call_named, collect_seldom, import_in_background, import_when_used, importing


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


def test_import_when_used_waits_until_something_of_the_module_is_asked_for(module: str) -> None:
    import_when_used(module)
    later = __import__(module)
    assert type(later) is LaterModule
    assert later.add(2, 3) == 5
    assert sys.modules[module].add is later.add
    assert type(sys.modules[module]) is not LaterModule


def test_import_when_used_of_a_module_within_a_package_serves_every_form_of_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("made_up_package", "made_up_package/inner"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    (tmp_path / "made_up_package/inner/part.py").write_text("VALUE = 7\n")
    import_when_used("made_up_package.inner")
    within = __import__("made_up_package", fromlist=["inner"])
    assert type(sys.modules["made_up_package.inner"]) is LaterModule
    assert __import__("made_up_package.inner.part", fromlist=["VALUE"]).VALUE == 7
    assert within.inner.part.VALUE == 7


def test_import_when_used_leaves_alone_what_is_loaded_or_not_there() -> None:
    import_when_used("gc")
    assert sys.modules["gc"] is gc
    import_when_used("no_module_of_this_name")
    assert "no_module_of_this_name" not in sys.modules


def test_collect_seldom_has_garbage_looked_for_less_often() -> None:
    before = gc.get_threshold()
    try:
        collect_seldom()
        assert gc.get_threshold()[0] >= 50 * 700
        assert gc.isenabled()
    finally:
        gc.set_threshold(*before)
