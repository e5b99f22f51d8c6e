import os
import tomllib

import pytest

from tasks.ingest.encoding import Unreadable
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


def test_expand_inputs_finds_a_file_by_the_name_that_the_tables_hold(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("text")
    [found] = expand_inputs([str(tmp_path)])
    [again] = expand_inputs([found.uri])
    assert again.uri == found.uri
    assert again.open().read() == b"text"


def test_expand_inputs_goes_round_no_loop_of_links(folder):
    for name in ("self", "again"):
        (folder / name).symlink_to(".")
    assert names(expand_inputs([f"{folder}/**/*.txt"]), folder) == ["a.txt", "b.txt"]
    assert names(expand_inputs([f"{folder}/**/**/*.html"]), folder) == ["deep/c.html"]
    assert names(expand_inputs([f"{folder}/**"]), folder) == ["a.txt", "b.txt", "deep/c.html"]
    assert names(expand_inputs([f"{folder}/*"]), folder) == ["a.txt", "b.txt", "deep/c.html"]


@pytest.mark.parametrize("name", ["", "x" * 5000, "a\0b", "\udcff.txt", "data:text/plain,abc"])
def test_expand_inputs_says_that_nothing_is_called_so(name):
    with pytest.raises(InputNotFound):
        list(expand_inputs([name]))


@pytest.mark.parametrize(
    "form", ["file://{}/a%20b.txt", "FILE://{}/a b.txt", "file://localhost{}/a%20b.txt", "local://{}/a b.txt"]
)
def test_expand_inputs_reads_addresses_of_files(tmp_path, form):
    (tmp_path / "a b.txt").write_text("text")
    [found] = expand_inputs([form.format(tmp_path)])
    assert found.uri == f"{tmp_path}/a b.txt"


def test_expand_inputs_names_what_may_not_be_seen(monkeypatch, tmp_path):
    def forbid(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.exists", forbid)
    [found] = expand_inputs([str(tmp_path / "a.txt")])
    with pytest.raises(Unreadable, match="Permission denied"):
        found.open()


def test_expand_inputs_gives_a_folder_that_may_not_be_entered(monkeypatch, folder):
    def forbid(self, **_):
        if self.parent == folder / "deep":
            raise PermissionError(13, "Permission denied", str(self))
        return False

    def list_others(path):
        if os.fspath(path) == str(folder / "deep"):
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    listed = os.scandir
    # Who runs the tests may enter any.
    monkeypatch.setattr("pathlib.Path.is_file", forbid)
    monkeypatch.setattr("os.scandir", list_others)
    items = list(expand_inputs([str(folder)]))
    assert names(items, folder) == ["a.txt", "b.txt", "deep"]
