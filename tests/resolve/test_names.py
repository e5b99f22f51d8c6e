import pytest

from tasks.resolve.names import agree_in_full, fold_name, gender_of_first_name, may_be_same_person, split_name

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
    assert split_name("Ursula von der Leyen") == (("Ursula",), "von der Leyen")
    assert split_name("de Roos") == ((), "de Roos")
    assert split_name("De Roos") == (("De",), "Roos")


def test_fold_name_levels_case_and_diacritics():
    assert fold_name("Élise MÜLLER") == fold_name("elise muller")


def test_gender_of_first_name_is_none_for_a_surname():
    assert gender_of_first_name("Anna Lind") == "female"
    assert gender_of_first_name("Lind") is None


INITIALS = {
    "others": ("Jane R. Cole", "Jane H.R. Cole", False),
    "the same": ("Jane H. R. Cole", "Jane H.R. Cole", True),
    "of one alone": ("Jane Cole", "Jane R. Cole", True),
    "a middle name": ("Jane Ruth Cole", "Jane R. Cole", True),
    "an initial first": ("J. R. Cole", "Jane R. Cole", True),
}


@pytest.mark.parametrize(("one", "other", "expected"), INITIALS.values(), ids=INITIALS.keys())
def test_agree_in_full_tells_people_by_their_initials(one, other, expected):
    assert agree_in_full(one, other) is expected
