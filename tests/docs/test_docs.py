"""The documentation: its links lead somewhere, its code runs, its commands do what stands under them."""

import re
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from flows.__main__ import app
from schemas import PUBLISHED_TABLES
from schemas.warehouse import Warehouse
from tasks.clean.furniture.rules import read_rules
from tasks.publish.mirror import mirror_snapshot
from tests.made_up_tables import publish_made_up

ROOT = Path(__file__).parents[2]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
# What a run of the sample is needed for stands in the tutorial, which tests/flows/test_tutorial.py follows.
TRIED_ELSEWHERE = {"tutorial.md"}


def name_page(path: Path) -> str:
    return str(path.relative_to(ROOT))


def find_blocks(language: str) -> list:
    """Blocks of code in a language, each with its page, as cases of a test."""
    return [
        pytest.param(page, block, id=f"{name_page(page)}-{number}")
        for page in PAGES
        for number, (found, block) in enumerate(BLOCK.findall(page.read_text("utf-8")))
        if found == language and page.name not in TRIED_ELSEWHERE
    ]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a published warehouse where the documentation has it."""
    publish_made_up(tmp_path / "data" / "warehouse")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=name_page)
def test_links_lead_to_files_that_are_there(page: Path) -> None:
    addresses = [address for address in LINK.findall(page.read_text("utf-8")) if "://" not in address]
    assert [address for address in addresses if not (page.parent / address).exists()] == []


def test_every_page_is_reached_from_the_index() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "docs" / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        waiting += [(page.parent / address).resolve() for address in LINK.findall(page.read_text("utf-8"))]
    pages = {page for page in PAGES if page.is_relative_to(ROOT / "docs")}
    assert sorted(map(name_page, pages - reached)) == []


@pytest.mark.parametrize(("page", "block"), find_blocks("sql"))
def test_queries_find_rows(folder: Path, page: Path, block: str) -> None:
    current = folder / "data" / "warehouse" / "current"
    with duckdb.connect() as connection:
        connection.execute("SET file_search_path = ?", [str(current)])
        connection.execute((current / "views.sql").read_text("utf-8"))
        # Paths in a query begin at the project's folder.
        connection.execute("SET file_search_path = ?", [f"{folder},{current}"])
        assert connection.execute(block).fetchall()


def test_the_query_of_the_offsets_gives_back_the_words(folder: Path) -> None:
    [block] = [case.values[1] for case in find_blocks("sql") if case.values[0].name == "concepts.md"]
    current = folder / "data" / "warehouse" / "current"
    with duckdb.connect() as connection:
        connection.execute("SET file_search_path = ?", [str(current)])
        connection.execute((current / "views.sql").read_text("utf-8"))
        rows = connection.execute(block).fetchall()
    assert rows
    assert all(content == printed for content, printed in rows)


@pytest.mark.parametrize(("page", "block"), find_blocks("python"))
def test_python_runs(folder: Path, page: Path, block: str, request: pytest.FixtureRequest) -> None:
    if "s3://newsroom/tables" in block:
        store = request.getfixturevalue("object_store")
        store.filesystem.makedirs("s3://newsroom", exist_ok=True)
        mirror_snapshot(Warehouse(folder / "data" / "warehouse"), "s3://newsroom/tables")
    exec(compile(block, str(page), "exec"), {"__name__": "documentation"})


@pytest.mark.parametrize(("page", "block"), find_blocks("console"))
def test_commands_do_what_stands_under_them(folder: Path, page: Path, block: str) -> None:
    output = ""
    for line in block.splitlines():
        if line.startswith("$ onrecord "):
            result = CliRunner().invoke(app, line.removeprefix("$ onrecord ").split())
            assert result.exit_code == 0, result.output
            output = " ".join(result.output.split())
        else:
            assert " ".join(line.split()) in output


@pytest.mark.parametrize(("page", "block"), find_blocks("toml"))
def test_rules_take_their_own_examples(tmp_path: Path, page: Path, block: str) -> None:
    (tmp_path / "rules.toml").write_text(block, "utf-8")
    for rule in read_rules(tmp_path / "rules.toml"):
        assert rule.matches
        assert rule.ignores
        assert all(rule.find(example) for example in rule.matches)
        assert not any(rule.find(example) for example in rule.ignores)
        assert all(any(literal in text.casefold() for literal in rule.literals) for text in rule.matches)


def test_the_readme_names_every_table() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in PUBLISHED_TABLES if f"`{name}`" not in text] == []


def test_the_documentation_names_every_view(folder: Path) -> None:
    from tasks.export.sources import Snapshot

    text = (ROOT / "docs" / "how-to" / "read-the-tables.md").read_text("utf-8")
    views = Snapshot((folder / "data" / "warehouse" / "current").resolve()).views
    assert [name for name in views if f"`{name}`" not in text] == []
