import pytest

from schemas import LocalEntity
from tasks.resolve.aliases import Aliases, read_aliases


def make_local(name, titles="", label="PERSON"):
    return LocalEntity(
        local_id="a:0",
        article_id="a",
        name=name,
        label=label,
        aliases="",
        titles=titles,
        gender=None,
        mention_count=1,
    )


def write_file(folder, text):
    path = folder / "aliases.toml"
    path.write_text(text, "utf-8")
    return path


def test_read_aliases_finds_by_any_name(tmp_path):
    aliases = read_aliases(write_file(tmp_path, '[[entity]]\nname = "Anna Lind"\naliases = ["A. Berg"]\n'))
    assert [aliases.find(make_local(name)).name for name in ("a. berg", "Anna Lind")] == ["Anna Lind", "Anna Lind"]
    assert aliases.find(make_local("Berg")) is None


def test_read_aliases_tells_namesakes_by_title(tmp_path):
    text = '[[entity]]\nname = "John Marsh (bishop)"\naliases = ["John Marsh"]\ntitle = "bishop"\n'
    aliases = read_aliases(write_file(tmp_path, text))
    assert aliases.find(make_local("John Marsh", "Bishop of Varnholm")).name == "John Marsh (bishop)"
    assert aliases.find(make_local("John Marsh", "goalkeeper")) is None


def test_find_overrules_the_label_of_a_name_of_several_words(tmp_path):
    aliases = read_aliases(write_file(tmp_path, '[[entity]]\nname = "Rush Varn"\naliases = ["Varn"]\n'))
    assert aliases.find(make_local("Rush Varn", label="ORG")).label == "PERSON"
    assert aliases.find(make_local("Varn", label="PLACE")) is None


def test_read_aliases_without_a_file_is_empty(tmp_path):
    assert read_aliases(tmp_path / "none.toml") == read_aliases(None) == Aliases()


WRONG = {
    "no name": ('[[entity]]\naliases = ["A"]\n', "entity 1 has no name"),
    "unknown field": ('[[entity]]\nname = "A B"\nsurname = "B"\n', "unknown fields"),
    "unknown label": ('[[entity]]\nname = "A B"\nlabel = "HUMAN"\n', "label 'HUMAN'"),
    "one alias": ('[[entity]]\nname = "A B"\naliases = "B"\n', "aliases is a list"),
    "title": ('[[entity]]\nname = "A B"\ntitle = 3\n', "title is words"),
}


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG.keys())
def test_read_aliases_says_what_is_wrong(tmp_path, text, message):
    with pytest.raises(ValueError, match=message):
        read_aliases(write_file(tmp_path, text))
