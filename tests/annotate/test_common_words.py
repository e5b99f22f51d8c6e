import pytest

from tasks.annotate.common_words import is_common, load_common_words


@pytest.mark.parametrize("word", ["Mourners", "budgets", "Kitchen’s", "ONLINE"])
def test_is_common_reads_plurals_and_owners(word):
    assert is_common(word)


@pytest.mark.parametrize("word", ["Frank", "May", "Lind", "Congress", "Reuters"])
def test_is_common_knows_names(word):
    assert not is_common(word)


def test_common_words_are_sorted_words_in_lower_case():
    words = load_common_words()
    assert all(word.isalpha() and word == word.lower() and len(word) > 2 for word in words)
