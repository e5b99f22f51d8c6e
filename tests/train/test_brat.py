import pytest

from tasks.train.brat import first_annotators, parse_annotations, read_brat_folder

TEXT = "“We won,” said Lind. “It took years.”\n"
STANDOFF = (
    "T1\tContent 0 9;21 37\t“We won,” “It took years.”\n"
    "T2\tCue 10 14\tsaid\n"
    "T3\tSource 15 19\tLind\n"
    "T4\tAttribution 10 14\tsaid\n"
    "E1\tAttribution:T4 Content:T1 Cue:T2 Source:T3\n"
)


def test_parse_annotations_links_spans_in_several_places():
    (attribution,) = parse_annotations(STANDOFF)
    assert attribution.content == ((0, 9), (21, 37))
    assert (attribution.source, attribution.cue) == (((15, 19),), ((10, 14),))


def test_parse_annotations_leaves_out_events_without_content():
    assert parse_annotations("T2\tCue 10 14\tsaid\nT4\tAttribution 10 14\tsaid\nE1\tAttribution:T4 Cue:T2\n") == ()


def test_read_brat_folder_gives_an_article_once_for_each_annotator(tmp_path):
    (tmp_path / "text").mkdir()
    (tmp_path / "attributions").mkdir()
    (tmp_path / "text" / "ferry.txt").write_text(TEXT, "utf-8")
    for annotator in ("ab", "cd"):
        (tmp_path / "attributions" / f"ferry_{annotator}.ann").write_text(STANDOFF, "utf-8")
    articles = read_brat_folder(tmp_path)
    assert [article.name for article in articles] == ["ferry", "ferry"]
    assert len(first_annotators(articles)) == 1
    (start, end) = articles[0].attributions[0].source[0]
    assert articles[0].text[start:end] == "Lind"


def test_read_brat_folder_says_what_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match="attributions"):
        read_brat_folder(tmp_path)
