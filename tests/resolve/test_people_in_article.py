import pytest

from schemas import EntityMention
from tasks.resolve.people_in_article import cluster_people, read_caption_titles


def find_people(text, *names):
    found, end = [], 0
    for name in names:
        start = text.index(name, end)
        end = start + len(name)
        found.append(
            EntityMention(
                article_id="a", start_char=start, end_char=end, text=name, label="PERSON", local_id=None, entity_id=None
            )
        )
    return cluster_people(found, text)


CASES = {
    "surname": ("Anna Lind spoke. Lind left.", ["Anna Lind", "Lind"], 1),
    "first name": ("Anna Lind spoke. Anna left.", ["Anna Lind", "Anna"], 1),
    "slip": ("Anna Abramovich spoke. Abramovic left.", ["Anna Abramovich", "Abramovic"], 1),
    "form of address": ("Anna Lind and Per Lind spoke. Mr Lind left.", ["Anna Lind", "Per Lind", "Lind"], 2),
    "father and son": ("Per Lind Sr. spoke. Per Lind Jr. left.", ["Per Lind Sr.", "Per Lind Jr."], 2),
    "longer name": ("Mai San Su Ki spoke. Su Ki left.", ["Mai San Su Ki", "Su Ki"], 1),
    "somebody else": ("Anna Lind spoke. Berg left.", ["Anna Lind", "Berg"], 2),
}


@pytest.mark.parametrize(("text", "names", "count"), CASES.values(), ids=CASES.keys())
def test_cluster_people_joins_names_of_one_person(text, names, count):
    assert len(find_people(text, *names)) == count


def test_read_caption_titles_adds_what_the_caption_prints():
    people = find_people("Mayor Anna Lind met Per Holm.", "Anna Lind", "Per Holm")
    read_caption_titles(people, "Anna Lind, left, and Deputy Minister Per Holm in Kelm. Lind smiles.")
    assert [dict(cluster.titles) for cluster in people] == [{"Mayor": 1}, {"Deputy Minister": 1}]


LISTED = {
    "behind a bracket": ("Sen. Anna Lind (R-Kelm) and Ashby Governor Per Holm spoke.", ["Sen.", "Ashby Governor"]),
    "next in a list": ("Anna Lind, Per Holm and their friends met Mayor Ida Berg.", []),
    "a list that ends with an office": ("Anna Lind, Per Holm and Kelm Governor Ida Berg met.", []),
}


@pytest.mark.parametrize(("text", "titles"), LISTED.values(), ids=LISTED.keys())
def test_cluster_people_gives_nobody_the_title_of_the_next_in_a_list(text, titles):
    people = find_people(text, "Anna Lind", "Per Holm")
    assert [title for cluster in people for title in cluster.titles] == titles
