from datetime import UTC, datetime

from tasks.resolve.groups import ArticleContext
from tasks.resolve.names_across import join_names, with_usual_labels
from tests.resolve.made_up import make_local


def make_body(article, name, label="ORG", *, aliases="", mentions=1):
    return make_local(article, 0, name, label=label, aliases=aliases, mentions=mentions)


def join(*local):
    contexts = {
        item.article_id: ArticleContext(None, item.article_id, datetime(2024, 5, 1, tzinfo=UTC)) for item in local
    }
    return {
        group.name: sorted(item.article_id for item in group.members)
        for group in join_names(list(local), contexts)
        if group.label == "ORG"
    }


def test_join_names_leads_a_body_to_the_country_that_its_article_names():
    joined = join(
        make_body("a", "Norwegian Supreme Court"),
        make_body("b", "Indian Supreme Court"),
        make_body("c", "Supreme Court"),
        make_body("c", "Oslo", "PLACE", mentions=3),
        make_body("c", "India", "PLACE"),
    )
    assert joined == {"Norwegian Supreme Court": ["a", "c"], "Indian Supreme Court": ["b"]}


def test_join_names_leaves_a_body_whose_country_nothing_tells():
    local = [
        make_body("a", "Norwegian Supreme Court"),
        make_body("b", "Supreme Court"),
        make_body("c", "Supreme Court"),
    ]
    assert join(*local, make_body("c", "Sweden", "PLACE")) == {
        "Norwegian Supreme Court": ["a"],
        "Supreme Court": ["b", "c"],
    }


def test_join_names_counts_states_for_their_country():
    local = [make_body("a", "U.S. Senate"), make_body("b", "Senate"), make_body("b", "Ohio", "PLACE")]
    assert join(*local) == {"U.S. Senate": ["a", "b"]}


def test_join_names_leads_an_acronym_to_its_only_name():
    local = [make_body("a", "Alliance of River Towns", aliases="ART"), make_body("b", "ART")]
    assert join(*local) == {"Alliance of River Towns": ["a", "b"]}


def test_join_names_leads_a_short_name_to_its_only_company():
    local = [make_body("a", "Brennick Steel Group", aliases="Brennick"), make_body("b", "Brennick.com")]
    assert join(*local, make_body("b", "Brennick Cola")) == {
        "Brennick Steel Group": ["a", "b"],
        "Brennick Cola": ["b"],
    }


def labels(*told, name):
    local = [make_body(str(number), name, label) for number, label in enumerate(told)]
    return [item.label for item in with_usual_labels(local)]


def test_with_usual_labels_follows_nearly_all_articles():
    assert labels("PERSON", "PERSON", "PERSON", "ORG", name="Ada Cole") == ["PERSON"] * 4
    assert labels("ORG", "ORG", "ORG", "PERSON", name="Brennick") == ["ORG"] * 4


def test_with_usual_labels_leaves_what_is_not_told():
    assert labels("ORG", "PERSON", "ORG", name="Brennick Steel") == ["ORG", "PERSON", "ORG"]
    # A surname may be a town's name elsewhere.
    assert labels("PERSON", "PERSON", "PERSON", "PLACE", name="Lind") == ["PERSON", "PERSON", "PERSON", "PLACE"]
