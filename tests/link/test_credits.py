import pytest

from tasks.link.credits import find_credited, name_house, read_credits, settings

TEXT = "The council of Oldport closes the pier in June. Nobody asked the fishermen, said Ada Cole."


@pytest.mark.parametrize(
    ("outlet", "house"),
    [
        ("AP", "Associated Press"),
        ("The Associated Press", "Associated Press"),
        ("associated  press", "Associated Press"),
        ("dpa", "Deutsche Presse-Agentur"),
        ("Daily Bell", "daily bell"),
        ("Sun", "Sun"),
        ("", ""),
    ],
)
def test_name_house_knows_agencies_by_all_their_names(outlet, house):
    assert name_house(outlet) == house


@pytest.mark.parametrize(
    ("text", "noted", "outlet", "is_credited"),
    [
        pytest.param("OLDPORT (AP) - " + TEXT, [], "Associated Press", True, id="dateline"),
        pytest.param("OLDPORT (AFP) - " + TEXT, [], "Agence France-Presse", True, id="abbreviation"),
        pytest.param("OLDPORT (ap) - " + TEXT, [], "AP", False, id="a short name in other letters"),
        pytest.param(TEXT + " Source: Reuters.", [], "Reuters", True, id="source at the end"),
        pytest.param(TEXT + " (Reporting by Jo Lind, dpa)", [], "dpa", True, id="reporting by"),
        pytest.param("Source: Reuters. " + TEXT * 8, [], "Reuters", False, id="source of a number, far from the end"),
        pytest.param(TEXT, ["Jo Lind, PTI"], "PTI", True, id="byline"),
        pytest.param(TEXT, [None, "OLDPORT (ANI)"], "ANI", True, id="dateline of its own"),
        pytest.param(TEXT, ["First published by the Daily Bell"], "Daily Bell", True, id="an outlet"),
        pytest.param(TEXT, ["Jo Lind, Sunday Mirror"], "Sun", False, id="part of a word"),
        pytest.param(TEXT, ["Efe"], "Agencia EFE", True, id="name in small letters"),
        pytest.param(TEXT.replace("Ada Cole", "the AP"), [], "AP", False, id="told, not credited"),
        pytest.param(TEXT, ["…"], "!", False, id="no words"),
    ],
)
def test_find_credited_reads_the_places_of_credits(text, noted, outlet, is_credited):
    house = name_house(outlet)
    assert find_credited(read_credits(text, noted), [house]) == ({house} if is_credited else set())


def test_agencies_share_no_name():
    names = [
        name.casefold()
        for house, own in settings()["agencies"].items()
        for name in {house.casefold(), *map(str.casefold, own)}
    ]
    assert len(names) == len(set(names))
