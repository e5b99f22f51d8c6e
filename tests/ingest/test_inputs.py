import os
import tomllib

import pytest

from tasks.ingest.inputs import IGNORED_FILE, Ignored, InputNotFound, expand_inputs, why_ignored
from tasks.ingest.sources import Source

RULES = tomllib.loads(IGNORED_FILE.read_text("utf-8"))["ignored"]


@pytest.fixture
def folder(tmp_path):
    for name in ("b.txt", "a.txt", "deep/c.html", ".gitkeep", "README.md", ".cache/x.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("text")
    return tmp_path


def names(items, folder):
    return [os.path.relpath(item.uri, folder) for item in items if isinstance(item, Source)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["pattern"])
def test_ignored_rules_match_their_examples(rule):
    assert rule["why"]
    assert [why_ignored(name) for name in rule["matches"]] == [rule["reason"]] * len(rule["matches"])
    assert [why_ignored(name) for name in rule["leaves"]] == [None] * len(rule["leaves"])


def test_expand_inputs_reads_folders_in_sorted_order(folder):
    assert names(expand_inputs([str(folder)]), folder) == ["a.txt", "b.txt", "deep/c.html"]


def test_expand_inputs_tells_what_it_passes_over(folder):
    ignored = {
        os.path.relpath(i.source_uri, folder): i.reason for i in expand_inputs([str(folder)]) if isinstance(i, Ignored)
    }
    assert ignored == {".cache": "hidden", ".gitkeep": "hidden", "README.md": "about the collection"}


def test_expand_inputs_reads_a_file_that_is_named_itself(folder):
    assert names(expand_inputs([str(folder / "README.md")]), folder) == ["README.md"]


def test_expand_inputs_follows_patterns(folder):
    assert names(expand_inputs([str(folder / "**/*.html"), str(folder / "?.txt")]), folder) == [
        "deep/c.html",
        "a.txt",
        "b.txt",
    ]


def test_expand_inputs_gives_a_file_once(folder):
    assert names(expand_inputs([str(folder / "a.txt"), str(folder), str(folder / "a*")]), folder) == [
        "a.txt",
        "b.txt",
        "deep/c.html",
    ]


def test_expand_inputs_lists_all_that_is_missing_before_reading(folder):
    with pytest.raises(InputNotFound, match=r"2 of the inputs not there: .*no\.txt.*, .*\*\.csv"):
        list(expand_inputs([str(folder), str(folder / "no.txt"), str(folder / "*.csv")]))


def test_expand_inputs_passes_over_links_to_folders(folder):
    (folder / "loop").symlink_to(folder)
    items = list(expand_inputs([str(folder)]))
    assert names(items, folder) == ["a.txt", "b.txt", "deep/c.html"]
    assert Ignored(str(folder / "loop"), "link to a folder") in items


def test_expand_inputs_passes_over_a_warehouse_that_lies_among_them(folder):
    (folder / "tables" / "work").mkdir(parents=True)
    (folder / "tables" / ".lock").touch()
    (folder / "tables" / "work" / "kept.txt").write_text("The ferry sails.")
    items = list(expand_inputs([str(folder)]))
    assert names(items, folder) == ["a.txt", "b.txt", "deep/c.html"]
    assert Ignored(str(folder / "tables"), "a warehouse") in items


def test_expand_inputs_names_a_file_that_is_not_utf8(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("text")
    assert [item.uri for item in expand_inputs([str(tmp_path)])] == [f"{tmp_path}/caf\\xe9.txt"]
