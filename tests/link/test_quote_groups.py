import pandas as pd
import pytest

from tasks.link import quote_groups
from tasks.link.quote_groups import Version, compare_versions, count_wordings, group_quotes, name_utterances
from tasks.link.voices import add_voices

ADA, BEN = "person-aaaaaaaaaaaa", "person-bbbbbbbbbbbb"
GATE = "We will never let anybody close the harbour gate, which has always been the heart of this town."
GATE_REWORDED = "Nobody will be able to close the harbour gates, which were always at the heart of our town."
GATE_LONGER = GATE + " And we shall go on talking with our friends in the north."
GRIEF = "Our thoughts and prayers are with the families."
FISH = "The price of fish will have to rise before the winter, whatever the ministry believes."


def make_tables(rows, **columns):
    """Tables from rows of (article number, speaker_id, kind, content)."""
    quotes = pd.DataFrame(
        [
            {
                "quote_id": f"{article:016x}:{number}:{number + len(content)}",
                "article_id": f"{article:016x}",
                "content": content,
                "content_segments": f"{number}:{number + len(content)}",
                "kind": kind,
                "speaker_id": speaker,
                "speaker_name": {ADA: "Ada Cole", BEN: "Ben Marsh"}.get(speaker),
            }
            for number, (article, speaker, kind, content) in enumerate(rows)
        ],
        columns=[
            "quote_id", "article_id", "content", "content_segments", "kind", "speaker_id", "speaker_name"
        ],
    )  # fmt: skip
    articles = pd.DataFrame({"article_id": [f"{number:016x}" for number in range(6)]})
    articles = articles.assign(story_id="story-000000000000", outlet_name=None, copy_of_article_id=None)
    return quotes, add_voices(articles.assign(**{"artefacts": 0, **columns}))


def groups_of(rows, **columns):
    quotes, articles = make_tables(rows, **columns)
    groups, variants = group_quotes(quotes, articles)
    position = {quote_id: number for number, quote_id in enumerate(quotes["quote_id"])}
    parts = {group.quote_group_id: [] for group in groups}
    for variant in variants:
        parts[variant.quote_group_id].append(position[variant.quote_id])
    return sorted(sorted(part) for part in parts.values())


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([(0, ADA, "direct", GATE), (1, ADA, "direct", GATE)], [[0, 1]], id="verbatim"),
        pytest.param([(0, ADA, "direct", GATE), (1, ADA, "direct", GATE_REWORDED)], [[0, 1]], id="reworded"),
        pytest.param([(0, ADA, "direct", GATE), (1, ADA, "direct", GATE_LONGER)], [[0, 1]], id="one sentence of two"),
        pytest.param([(0, ADA, "direct", GATE), (1, ADA, "indirect", GATE_REWORDED)], [[0, 1]], id="indirect"),
        pytest.param([(0, ADA, "direct", GATE), (1, ADA, "direct", FISH)], [], id="two utterances of one speaker"),
        pytest.param([(0, ADA, "direct", GATE), (0, ADA, "direct", GATE)], [], id="one article alone"),
        pytest.param([(0, ADA, "direct", GATE), (1, None, "direct", GATE)], [[0, 1]], id="speaker not known"),
        pytest.param([(0, ADA, "direct", GATE), (1, None, "indirect", GATE)], [], id="indirect without speaker"),
        pytest.param([(0, ADA, "direct", GATE), (1, BEN, "direct", GATE)], [[0, 1]], id="speakers disagree"),
        pytest.param([(0, ADA, "direct", GATE), (1, BEN, "direct", GATE_REWORDED)], [], id="others say alike things"),
        pytest.param([(0, ADA, "direct", GRIEF), (1, BEN, "direct", GRIEF)], [], id="what many say"),
        pytest.param([(0, ADA, "direct", GRIEF), (1, None, "direct", GRIEF)], [[0, 1]], id="what many say, of one"),
        pytest.param([(0, ADA, "direct", "open and fair"), (1, ADA, "direct", "Open and fair,")], [[0, 1]], id="short"),
        pytest.param([(0, ADA, "direct", "very hard"), (1, ADA, "direct", "very soft")], [], id="short and different"),
        pytest.param(
            [(0, ADA, "indirect", "every candidate for harbour master was late"),
             (1, ADA, "indirect", "a candidate for the harbour board")],
            [],
            id="reported words on one subject",
        ),
        pytest.param(
            [(0, ADA, "indirect", "she had no plans to close the gate"),
             (1, ADA, "indirect", "the town was not planning to close the gate")],
            [[0, 1]],
            id="reported words of one statement",
        ),
        pytest.param(
            [(0, ADA, "indirect", "the first qualities she looks for in a replacement for Warden Ilse Marlow, now ill"),
             (1, ADA, "indirect", "she would present a replacement for Warden Ilse Marlow next week")],
            [],
            id="reported words that name the same and say two things",
        ),
        pytest.param(
            [(0, ADA, "mixed", 'that the truce of the northern harbours was "barely breathing"'),
             (1, ADA, "direct", "We hope to put the truce of the northern harbours to sea again.")],
            [],
            id="marked words that are not among those told directly",
        ),
        pytest.param(
            [(0, ADA, "mixed", 'that the truce of the northern harbours was "barely breathing"'),
             (1, ADA, "direct", "The truce of the northern harbours is barely breathing.")],
            [[0, 1]],
            id="marked words that are among those told directly",
        ),
        pytest.param([(0, ADA, "direct", "…"), (1, ADA, "direct", "!")], [], id="no words"),
        pytest.param([], [], id="no quotes"),
        pytest.param(
            [(0, ADA, "direct", GATE), (1, ADA, "direct", GATE_LONGER), (2, ADA, "mixed", GATE_REWORDED),
             (3, ADA, "direct", FISH), (4, ADA, "direct", "Fish will have to cost more before winter, whatever "
              "the ministry believes.")],
            [[0, 1, 2], [3, 4]],
            id="two utterances over five articles",
        ),
    ],
)  # fmt: skip
def test_group_quotes_joins_versions_of_one_utterance(rows, expected):
    assert groups_of(rows) == expected


def test_group_quotes_stays_within_a_story():
    stories = [f"story-{number:012x}" for number in range(6)]
    assert groups_of([(0, ADA, "direct", GATE), (1, ADA, "direct", GATE)], story_id=stories) == []


def test_group_quotes_parts_pieces_at_the_cue():
    quotes, articles = make_tables([(0, ADA, "direct", GATE), (1, ADA, "direct", f"{FISH[:-1]}, {GATE}")])
    cut = len(FISH)
    quotes.loc[1, "content_segments"] = f"0:{cut} {cut + 20}:{cut + 20 + len(GATE)}"
    _, variants = group_quotes(quotes, articles)
    assert len(variants) == 2


def test_group_quotes_chooses_a_direct_version_of_an_original_article():
    copies = [f"{1:016x}", None, None, None, None, None]
    rows = [(0, ADA, "direct", GATE), (1, ADA, "direct", GATE_REWORDED), (2, ADA, "indirect", GATE)]
    quotes, articles = make_tables(rows, copy_of_article_id=copies)
    (group,), _ = group_quotes(quotes, articles)
    assert group.canonical_text == GATE_REWORDED
    assert group.canonical_quote_id == quotes["quote_id"][1]


def test_group_quotes_counts_wordings_articles_and_outlets():
    outlets = ["Daily Bell", "Daily Bell", None, None, None, None]
    rows = [(0, ADA, "direct", GATE), (1, ADA, "direct", GATE.upper()), (2, BEN, "direct", GATE)]
    quotes, articles = make_tables(rows, outlet_name=outlets)
    (group,), _ = group_quotes(quotes, articles)
    assert (group.quote_count, group.variant_count, group.article_count, group.outlet_count) == (3, 1, 3, 2)
    assert (group.speaker_id, group.speaker_name, group.speaker_disagrees) == (ADA, "Ada Cole", True)


def test_group_quotes_counts_no_copy_as_another_voice():
    first = f"{0:016x}"
    columns = {"outlet_name": ["Bell", "Star", "Sun", "Globe", None, None],
               "copy_of_article_id": [None, first, first, None, None, None]}  # fmt: skip
    rows = [(at, ADA, "direct", GATE) for at in range(4)]
    (group,), _ = group_quotes(*make_tables(rows, **columns))
    assert (group.article_count, group.copy_count, group.outlet_count) == (4, 2, 2)
    (group,), _ = group_quotes(*make_tables(rows[:3], **columns))
    assert (group.article_count, group.copy_count, group.outlet_count) == (3, 2, 1)


CLOSED = "We will close the harbour gate before the winter."
NOT_CLOSED = "We will not close the harbour gate before the winter."


def test_group_quotes_flags_a_statement_that_an_outlet_turned_round():
    rows = [(0, ADA, "direct", CLOSED), (1, ADA, "direct", CLOSED), (2, ADA, "direct", NOT_CLOSED)]
    (group,), variants = group_quotes(*make_tables(rows))
    assert (group.quote_count, group.polarity_disagrees) == (3, True)
    assert [(variant.missing_words, variant.added_words) for variant in variants] == [("", ""), ("", ""), ("", "not")]


def test_group_quotes_takes_both_from_a_speaker_who_says_both_in_one_article():
    rows = [(0, ADA, "direct", CLOSED), (0, ADA, "direct", NOT_CLOSED), (1, ADA, "direct", CLOSED)]
    assert groups_of(rows) == [[0, 2]]


def test_group_quotes_flags_no_polarity_where_wordings_agree():
    (group,), _ = group_quotes(*make_tables([(0, ADA, "direct", GATE), (1, ADA, "direct", GATE_REWORDED)]))
    assert group.polarity_disagrees is False


@pytest.mark.parametrize(
    ("rows", "columns", "reason"),
    [
        pytest.param([(0, ADA, "indirect", GATE), (1, ADA, "direct", GATE_REWORDED)], {}, "most_direct", id="direct"),
        pytest.param(
            [(0, ADA, "direct", GATE), (1, ADA, "direct", GATE_REWORDED)],
            {"copy_of_article_id": [f"{1:016x}", None, None, None, None, None]},
            "original",
            id="of no copy",
        ),
        pytest.param(
            [(0, ADA, "direct", GATE), (1, ADA, "direct", GATE_REWORDED)],
            {"artefacts": [0, 1, 0, 0, 0, 0]},
            "original_language",
            id="of no translation",
        ),
        pytest.param(
            [(0, ADA, "direct", GATE), (1, ADA, "direct", GATE), (2, ADA, "direct", GATE_REWORDED)],
            {},
            "most_outlets",
            id="same wording twice",
        ),
        pytest.param(
            [(0, ADA, "direct", GATE), (1, ADA, "direct", GATE.upper())], {}, "most_outlets", id="one wording of all"
        ),
        pytest.param(
            [(0, ADA, "direct", GATE), (1, ADA, "direct", GATE), (2, ADA, "indirect", GATE_REWORDED)],
            {},
            "most_direct",
            id="one wording of all that are direct",
        ),
        pytest.param(
            [(0, ADA, "direct", "We sell the old harbour."), (1, ADA, "direct", "We sold the old harbour.")],
            {},
            "smallest_id",
            id="nothing tells",
        ),
        pytest.param(
            [(0, ADA, "direct", GATE), (1, ADA, "direct", GATE[:-1] + " again.")], {}, "most_complete", id="longest"
        ),
    ],
)
def test_group_quotes_tells_why_a_version_stands_for_all(rows, columns, reason):
    (group,), _ = group_quotes(*make_tables(rows, **columns))
    assert group.canonical_reason == reason


def test_group_quotes_takes_the_wording_of_most_outlets_not_of_most_articles():
    rows = [(at, ADA, "direct", GATE if at < 3 else GATE_REWORDED) for at in range(5)]
    outlets = ["Bell", "Bell", "bell", "Star", "Sun", None]
    (group,), _ = group_quotes(*make_tables(rows, outlet_name=outlets))
    assert group.canonical_text == GATE_REWORDED
    copies = [None, None, None, None, f"{3:016x}", None]
    (group,), _ = group_quotes(*make_tables(rows[:4], outlet_name=outlets, copy_of_article_id=copies))
    assert group.canonical_text == GATE


def test_group_quotes_lists_who_printed_which_wording():
    outlets = ["Daily Bell", "Evening Star", None, None, None, None]
    rows = [(0, ADA, "direct", GATE), (1, ADA, "direct", GATE.upper()), (2, ADA, "direct", GATE_REWORDED)]
    _, variants = group_quotes(*make_tables(rows, outlet_name=outlets))
    assert [variant.outlet_name for variant in variants] == ["Daily Bell", "Evening Star", None]
    assert [variant.wording_number for variant in variants] == [1, 1, 2]
    assert [variant.is_canonical for variant in variants].count(True) == 1
    assert "nobody" in variants[2].added_words.split()


JOINED = f"{GATE} {FISH}"


def test_group_quotes_puts_a_quotation_of_two_utterances_into_both():
    rows = [(0, ADA, "direct", JOINED), (1, ADA, "direct", GATE), (2, ADA, "direct", FISH), (3, ADA, "direct", FISH)]
    assert groups_of(rows) == [[0, 1], [0, 2, 3]]
    groups, variants = group_quotes(*make_tables(rows))
    assert [group.article_count for group in groups] == [3, 2]
    assert [variant.shared_text for variant in variants] == [FISH, FISH, FISH, GATE, GATE]
    assert len({group.quote_group_id for group in groups}) == 2


def test_group_quotes_tells_once_what_the_same_quotations_hold():
    rows = [(0, ADA, "direct", JOINED), (1, ADA, "direct", JOINED), (2, ADA, "direct", FISH)]
    assert groups_of(rows) == [[0, 1, 2]]


FRANK = "the conversation was “frank and candid” and served the understanding of the northern provinces"
HONEST = "the talks with the delegation of the islanders, which began late, “honest and direct.”"


def test_group_quotes_compares_what_stands_in_marks():
    groups, variants = group_quotes(*make_tables([(0, ADA, "mixed", FRANK), (1, ADA, "mixed", HONEST)]))
    assert [group.article_count for group in groups] == [2]
    assert [variant.shared_text for variant in variants] == ["frank and candid", "honest and direct."]


def make_versions(*texts, story="story-0"):
    """Versions of an utterance with these words, each of an article of its own."""
    return [
        Version(
            f"{at:016x}:0:9",
            f"{at:016x}",
            story,
            None,
            None,
            f"{at:016x}",
            None,
            0,
            "direct",
            ADA,
            "Ada Cole",
            text,
            text,
        )
        for at, text in enumerate(texts)
    ]


def test_name_utterances_gives_each_utterance_of_a_story_a_name_of_its_own():
    names = name_utterances([make_versions("x", "y")] * 3 + [make_versions("x", "y", story="story-1")])
    assert len(set(names[:3])) == 3
    assert names[3] == names[0]


@pytest.mark.parametrize(
    ("texts", "denied"),
    [
        ([CLOSED, NOT_CLOSED], True),
        ([CLOSED, "It is not yet known whether a gate will be built, the council said."], False),
        ([NOT_CLOSED, NOT_CLOSED], False),
        ([CLOSED, CLOSED[:-1] + ", but it is not known who will close it."], False),
    ],
    ids=["alike but for a denial", "not alike", "the same", "said and denied in one"],
)
def test_compare_versions_finds_denials_in_wordings_that_are_alike(texts, denied):
    assert [is_denied for _, is_denied in compare_versions([make_versions(*texts)])] == [denied]


def test_compare_versions_judges_each_utterance_by_itself():
    utterances = [make_versions(GATE, GATE_REWORDED, GATE), make_versions(CLOSED, NOT_CLOSED), make_versions(FISH)]
    together = compare_versions(utterances)
    for versions, (likeness, is_denied) in zip(utterances, together, strict=True):
        ((alone, also_denied),) = compare_versions([versions])
        assert likeness == pytest.approx(alone)
        assert is_denied == also_denied


def test_group_quotes_finds_the_same_in_many_stories_as_in_one(monkeypatch):
    rows = [(0, ADA, "direct", JOINED), (1, ADA, "direct", GATE), (2, ADA, "direct", FISH), (3, ADA, "direct", FISH)]
    quotes, articles = make_tables(rows)
    others = {name: frame.copy() for name, frame in (("quotes", quotes), ("articles", articles))}
    for frame in others.values():
        frame["article_id"] = "f" + frame["article_id"].str[1:]
    others["quotes"]["quote_id"] = "f" + others["quotes"]["quote_id"].str[1:]
    others["articles"]["story_id"] = "story-000000000001"
    both = pd.concat([others["quotes"], quotes]), pd.concat([others["articles"], articles])
    groups, variants = group_quotes(*both)
    assert (len(groups), len(variants)) == (4, 10)
    assert groups[:2] == group_quotes(quotes, articles)[0]
    monkeypatch.setattr(quote_groups, "CHARACTERS_AT_ONCE", 1)
    assert group_quotes(*both) == (groups, variants)


def test_group_quotes_takes_the_shared_sentence_for_canonical():
    rows = [(0, ADA, "direct", JOINED), (1, ADA, "direct", GATE_LONGER), (2, ADA, "direct", GATE)]
    (group,), _ = group_quotes(*make_tables(rows))
    assert (group.canonical_text, group.variant_count) == (GATE, 1)


def test_group_quotes_takes_all_sentences_that_all_versions_share():
    rows = [(0, ADA, "direct", JOINED), (1, ADA, "direct", JOINED), (2, ADA, "direct", f"{GATE_REWORDED} {FISH}")]
    (group,), _ = group_quotes(*make_tables(rows))
    assert (group.canonical_text, group.variant_count) == (JOINED, 2)


@pytest.mark.parametrize(
    ("texts", "count"),
    [
        (["We sail on Monday.", "we sail on Monday"], 1),
        (["We sail on Monday.", "We sail on Monday if the wind holds."], 1),
        (["We sail on Monday.", "On Monday we sail."], 2),
        (["sail", "sails"], 2),
    ],
    ids=["marks and case", "cut short", "other order", "part of a word"],
)
def test_count_wordings_leaves_out_what_is_only_cut_short(texts, count):
    assert count_wordings(texts) == count


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (CLOSED, "We shall not close any harbour gate this year or before winter comes."),
        ("We lost forty boats in the storm this winter.", "We lost nine boats in the storm this winter."),
    ],
    ids=["denied in other words", "counted otherwise"],
)
def test_group_quotes_keeps_contrary_statements_apart(first, second):
    assert groups_of([(0, ADA, "direct", first), (1, ADA, "direct", second)]) == []
    assert groups_of([(0, ADA, "direct", first), (1, ADA, "direct", first), (2, ADA, "direct", second)]) == [[0, 1]]
