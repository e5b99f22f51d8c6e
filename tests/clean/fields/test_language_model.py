import os

import pytest

from tasks.clean.fields import language_model
from tasks.clean.fields.language_model import load_identifier

TEXTS = (
    "",
    "Port Ellery, 12 34",
    "The harbour council agreed on Tuesday to rebuild the old stone pier.",
    "Der Hafenrat beschloss am Dienstag, die alte Mole wieder aufzubauen.",
    "港口委员会星期二决定在冬季风暴来临之前重建旧码头。",
)


@pytest.fixture(scope="module")
def answers():
    """What the identifier answers whose model was unpacked in memory."""
    packed = language_model._make_identifier(*language_model._load_packed())
    return [packed.rank(text) for text in TEXTS]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "onrecord"


def rank_all():
    identifier = load_identifier()
    return [identifier.rank(text) for text in TEXTS]


def test_it_answers_as_the_library_does(answers, cache):
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    library = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    assert answers == [library.rank(text) for text in TEXTS]
    assert rank_all() == answers


def test_it_is_unpacked_once(answers, cache, monkeypatch):
    assert rank_all() == answers
    [folder] = cache.iterdir()
    assert {path.name for path in folder.iterdir()} == {f"{part}.npy" for part in language_model.PARTS}
    monkeypatch.setattr(language_model, "_load_packed", lambda: pytest.fail("unpacked again"))
    assert rank_all() == answers


@pytest.mark.parametrize("length", [1000, 0])
def test_damaged_files_are_made_anew(length, answers, cache):
    load_identifier()
    [folder] = cache.iterdir()
    (folder / "moves.npy").write_bytes((folder / "moves.npy").read_bytes()[:length])
    assert rank_all() == answers
    assert not folder.exists()
    assert rank_all() == answers
    assert folder.is_dir()


def test_it_does_without_a_cache(answers, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert rank_all() == answers


def test_what_other_versions_left_goes_when_it_is_old(cache):
    old, young = cache / "language-model-0.1", cache / ".language-model-0.2.abc.part"
    for folder in (old, young):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    load_identifier()
    assert not old.exists()
    assert young.is_dir()
