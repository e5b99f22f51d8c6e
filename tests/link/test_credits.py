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
        ("reuters.com", "Reuters"),
        ("www.apnews.com", "Associated Press"),
        ("Reuters India", "Reuters"),
        ("Bloomberg.com", "Bloomberg"),
        ("BBC News", "BBC"),
        ("Daily News India", "daily news india"),
        ("thebell.com", "thebell.com"),
        ("Daily Bell", "daily bell"),
        ("The Daily Bell", "daily bell"),
        ("AA.com", "aa.com"),
        ("aa.com.tr", "Anadolu Agency"),
        ("www.bbc.co.uk", "BBC"),
        ("Sun", "Sun"),
        ("", ""),
    ],
)
def test_name_house_knows_agencies_by_all_their_names(outlet, house):
    assert name_house(outlet) == house


@pytest.mark.parametrize(
    ("text", "noted", "outlet", "is_credited"),
    [
        pytest.param("OLDPORT (AP) - " + TEXT, {}, "Associated Press", True, id="dateline"),
        pytest.param("OLDPORT (AFP) - " + TEXT, {}, "Agence France-Presse", True, id="abbreviation"),
        pytest.param("OLDPORT (AP/dpa) - " + TEXT, {}, "dpa", True, id="two in brackets"),
        pytest.param("OLDPORT (ap) - " + TEXT, {}, "AP", False, id="a short name in other letters"),
        pytest.param(TEXT + " Source: Reuters.", {}, "Reuters", True, id="source at the end"),
        pytest.param(TEXT + " (Reporting by Jo Lind, dpa)", {}, "dpa", True, id="reporting by"),
        pytest.param("Source: Reuters. " + TEXT * 8, {}, "Reuters", False, id="source of a number, far from the end"),
        pytest.param(TEXT, {"byline": "Jo Lind, PTI"}, "PTI", True, id="byline"),
        pytest.param(TEXT, {"byline": "By Reuters Staff"}, "Reuters", True, id="staff of an agency"),
        pytest.param(TEXT, {"byline": "Jo Lind, AP Writer"}, "AP", True, id="writer of an agency"),
        pytest.param(TEXT, {"byline": "Jo Lind for The Daily Bell"}, "Daily Bell", True, id="writer for an outlet"),
        pytest.param(TEXT, {"byline": "Ann Bell"}, "Bell", False, id="a family name"),
        pytest.param(TEXT, {"dateline": "OLDPORT (ANI)"}, "ANI", True, id="dateline of its own"),
        pytest.param(TEXT, {"dateline": "OLDPORT, Jan 10, Reuters"}, "Reuters", True, id="dateline without brackets"),
        pytest.param(TEXT, {"removed": "First published by the Daily Bell"}, "Daily Bell", True, id="an outlet"),
        pytest.param(TEXT, {"byline": "Jo Lind, Sunday Mirror"}, "Sun", False, id="part of a word"),
        pytest.param(TEXT, {"byline": "Efe"}, "Agencia EFE", True, id="name in small letters"),
        pytest.param(TEXT.replace("Ada Cole", "the AP"), {}, "AP", False, id="told, not credited"),
        pytest.param(TEXT.replace("June", "June (a mirror of the town)"), {}, "Mirror", False, id="a word in brackets"),
        pytest.param(TEXT.replace("June", "June (for the first time)"), {}, "Time", False, id="another"),
        pytest.param(TEXT.replace("June", "June (who spoke to the AP)"), {}, "AP", False, id="told in brackets"),
        pytest.param(TEXT.replace("June", "June (photo: Reuters)"), {}, "Reuters", False, id="credit of a picture"),
        pytest.param(TEXT + " /AFP/", {}, "AFP", True, id="between strokes"),
        pytest.param(TEXT + " AFP", {}, "AFP", True, id="behind the last sentence"),
        pytest.param(TEXT + "\nAFP", {}, "AFP", True, id="a last line"),
        pytest.param(TEXT + " — Agence France-Presse", {}, "AFP", True, id="signed"),
        pytest.param(TEXT + " PTI ABC XYZ", {}, "PTI", True, id="with initials"),
        pytest.param("Oldport: PTI: " + TEXT, {}, "PTI", True, id="behind the place"),
        pytest.param("Ada Cole and the BBC: a history\n" + TEXT, {}, "BBC", False, id="a title on it"),
        pytest.param("The mayor of PA – Mr Lind – spoke. " + TEXT, {}, "PA", False, id="part of a phrase"),
        pytest.param("OLDPORT, Jan 10, Reuters – " + TEXT, {}, "Reuters", True, id="before a dash"),
        pytest.param("OLDPORT, January 10. /TASS/. " + TEXT, {}, "Itar-Tass", True, id="strokes before the text"),
        pytest.param(TEXT + " It is republished from The Daily Bell.", {}, "Daily Bell", True, id="republished"),
        pytest.param(TEXT + " It was published from ANI.", {}, "ANI News", True, id="published from"),
        pytest.param(TEXT + " The pier is closed by the AP", {}, "AP", False, id="told in a last sentence"),
        pytest.param("The Sun: " + TEXT, {}, "Sun", False, id="a word and a colon"),
        pytest.param("The mayor spoke to the AP: " + TEXT, {}, "AP", False, id="told before a colon"),
        pytest.param(TEXT.replace("June", "June and/or July, 24/7 and 1/2/2022"), {}, "or July", False, id="strokes"),
        pytest.param("BBC: licence fee to be cut. " + TEXT, {}, "BBC", False, id="what is told of"),
        pytest.param("BBC: Licence fee to be cut\n" + TEXT, {}, "BBC", False, id="what a title tells of"),
        pytest.param("BBC – Licence fee to be cut\n" + TEXT, {}, "BBC", False, id="what a title with a dash tells of"),
        pytest.param("BBC: " + TEXT, {}, "BBC", True, id="before a sentence"),
        pytest.param("BBC: Ada Cole told us:\n" + TEXT, {}, "BBC", True, id="before what leads to a quotation"),
        pytest.param("BBC:\n" + TEXT, {}, "BBC", True, id="a line of its own"),
        pytest.param("PTI: iBoats leave the pier. " + TEXT, {}, "PTI", True, id="a name that begins small"),
        pytest.param(TEXT + " (AA.com)", {}, "AA", False, id="a site of a few letters"),
        pytest.param(TEXT + " Source: AA.com", {}, "AA", False, id="such a site at the end"),
        pytest.param(TEXT + " Source: aa.com.tr", {}, "AA", True, id="an agency's site"),
        pytest.param(TEXT + " Source: www.bbc.co.uk", {}, "BBC", True, id="another"),
        pytest.param(TEXT + " Source: reuters.com", {}, "Reuters", True, id="a site with a longer name"),
        pytest.param(TEXT, {"removed": "…"}, "!", False, id="no words"),
    ],
)
def test_find_credited_reads_the_places_of_credits(text, noted, outlet, is_credited):
    house = name_house(outlet)
    credits = read_credits(text, **{"byline": None, "dateline": None, "removed": None, **noted})
    assert find_credited(credits, [house]) == ({house} if is_credited else set())


def test_agencies_share_no_name():
    names = [
        name.casefold()
        for house, own in settings()["agencies"].items()
        for name in {house.casefold(), *map(str.casefold, own)}
    ]
    assert len(names) == len(set(names))
