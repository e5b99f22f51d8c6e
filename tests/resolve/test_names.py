import pytest

from tasks.resolve.names import fold_name, gender_of_first_name, may_be_same_person, split_name

SAME = [
    ("Sergei Orlov", "Sergey Orlov"),
    ("Dmitry Ivanov", "Dmitri Ivanow"),
    ("José Núñez", "Jose Nunez"),
    ("J. Cole", "Jane Cole"),
    ("Cole", "Jane Cole"),
    ("Pedro Alba", "Pedro Alba Fuentes"),
    ("Mohammed Saleh", "Mohamed Saleh"),
    ("Martin Luther King Jr.", "Martin Luther King"),
    ("Nabil al-Hamad", "Hamad"),
    ("Nabil al-Hamad", "al-Hamad"),
    ("Nabil al-Hamad", "Nabil Hamad"),
]
OTHER = [
    ("Jane Cole", "John Cole"),
    ("Maria Rossi", "Mario Rossi"),
    ("Jane Cole", "Jane Coleman"),
    ("Jane", "Jane Cole"),
    ("Anna Lind", "Hanna Berg"),
    ("Lind", "Berg"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_may_be_same_person_joins_spellings(one, other):
    assert may_be_same_person(one, other)
    assert may_be_same_person(other, one)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_may_be_same_person_keeps_others_apart(one, other):
    assert not may_be_same_person(one, other)


def test_split_name_keeps_particles_with_the_surname():
    assert split_name("Ursula von der Leyen") == (["Ursula"], "von der Leyen")
    assert split_name("de Roos") == ([], "de Roos")
    assert split_name("De Roos") == (["De"], "Roos")


def test_fold_name_levels_case_and_diacritics():
    assert fold_name("Élise MÜLLER") == fold_name("elise muller")


def test_gender_of_first_name_is_none_for_a_surname():
    assert gender_of_first_name("Anna Lind") == "female"
    assert gender_of_first_name("Lind") is None
