import importlib
import pkgutil
from contextlib import suppress

import pytest
import spacy.lang

from tasks.clean.fields.language import identify_language, is_plain_english


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


ENGLISH = (
    "The harbour council of Port Ellery agreed on Tuesday to rebuild the old stone pier before the winter storms. The "
    "mayor said that the town had waited nine years for this day. Two boats were lost on the stones in the spring, and "
    "fishermen had warned the council again and again. Half of the cost will be paid by the province."
)
SPANISH = (
    "El consejo del puerto decidió el martes reconstruir el viejo muelle antes de las tormentas del invierno. La "
    "alcaldesa dijo que la ciudad llevaba nueve años esperando este día. Dos barcos se rompieron en primavera contra "
    "las piedras y los pescadores habían avisado varias veces."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SPANISH[:150] + "\n\n" + "\n\n".join([ENGLISH] * 4), "en"),
        (ENGLISH[:150] + "\n\n" + "\n\n".join([SPANISH] * 4), "es"),
        (ENGLISH.upper(), "en"),
        ("Совет порта во вторник решил восстановить старый причал до зимних штормов.", "ru"),
        ("港口委员会星期二决定在冬季风暴来临之前重建旧码头。", "zh"),
        ("قرر مجلس الميناء يوم الثلاثاء إعادة بناء الرصيف القديم قبل عواصف الشتاء.", "ar"),
        ("Rada portu postanowiła we wtorek odbudować stare molo przed zimowymi sztormami.", "pl"),
    ],
    ids=["quotation in Spanish", "lead in English", "capitals", "Russian", "Chinese", "Arabic", "Polish"],
)
def test_identify_language_goes_by_the_whole_text(text, expected):
    assert identify_language(text)[0] == expected


def test_identify_language_asks_for_more_where_it_is_unsure():
    names = "Ada Cole, Moira Tennant, Tomas Varga, Hana Quill, Femi Adeyo, Piet Lindqvist, Leila Okafor. "
    text = names * 2 + ENGLISH * 2 + names * 2
    language, confidence = identify_language(text)
    assert (language, confidence > 0.9) == ("en", True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENGLISH * 4, True),
        (ENGLISH, False),
        (ENGLISH.upper() * 4, False),
        (SPANISH * 4, False),
        (ENGLISH * 2 + SPANISH + ENGLISH, False),
        (
            "Der Rat of and the Hafen that mit said " * 2 + "Die Boote liegen still und niemand fährt hinaus. " * 30,
            False,
        ),
    ],
    ids=["English", "short", "capitals", "Spanish", "a part in Spanish", "English words at the start"],
)
def test_is_plain_english_goes_by_small_words_in_all_parts(text, expected):
    assert is_plain_english(text) is expected


def test_is_plain_english_leaves_other_languages_to_the_identifier():
    for name in (module.name for module in pkgutil.iter_modules(spacy.lang.__path__) if module.name != "en"):
        with suppress(ModuleNotFoundError):
            sentences = importlib.import_module(f"spacy.lang.{name}.examples").sentences
            assert not is_plain_english(" ".join(sentences) * 20)
