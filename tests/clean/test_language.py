import pytest

from tasks.clean.language import identify_language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The harbour council agreed on Tuesday to rebuild the old stone pier.", "en"),
        ("Der Hafenrat beschloss am Dienstag, die alte Mole wieder aufzubauen.", "de"),
        ("Le conseil du port a décidé mardi de reconstruire la vieille jetée.", "fr"),
    ],
)
def test_identify_language(text, expected):
    language, confidence = identify_language(text)
    assert language == expected
    assert 0.8 < confidence <= 1


def test_identify_language_is_unsure_of_nothing():
    assert identify_language("")[1] < 0.5
