"""What `onrecord explain` tells of an article, published or not."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from flows.explaining import explain_input
from flows.printing_articles import print_explanation
from flows.reading import ReadingError
from tests.clean.made_up_documents import BODY
from tests.flows.test_cli import call
from tests.made_up_tables import MADE_UP, publish_made_up

ARTICLE = (
    "Pier to be rebuilt in Port Ellery\nBy Hana Quill\nMarch 3, 2024\n\n"
    f"{BODY}\n\nThe doors were openTheir goal, said Cole of the NATOand the town&#8217;s don\ufffdt.\n\n"
    "ALSO READ: Harbour pilots call off their strike\n\n[ad_2]\nSource link\n"
)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "pier.txt"
    path.write_text(ARTICLE, "utf-8")
    return path


def test_explain_input_cleans_a_file_without_a_warehouse(article: Path, tmp_path: Path) -> None:
    explanation = explain_input(tmp_path / "none", str(article))
    assert not explanation.is_published
    fields = {field.name: field for field in explanation.fields}
    assert fields["byline"].value == "Hana Quill"
    assert fields["published_at"].known == ("date_line", "day")


def test_explain_input_cleans_a_file_that_is_not_in_the_warehouse(article: Path, tmp_path: Path) -> None:
    publish_made_up(tmp_path / "warehouse")
    assert not explain_input(tmp_path / "warehouse", str(article)).is_published


def test_explain_input_reads_a_published_file_from_the_warehouse(tmp_path: Path) -> None:
    publish_made_up(tmp_path / "warehouse")
    path = tmp_path / "copy.txt"
    path.write_text(MADE_UP[0].raw, "utf-8")
    explanation = explain_input(tmp_path / "warehouse", str(path))
    assert explanation.is_published
    assert explanation.view is not None
    assert explanation.view.quotes


def test_explain_input_cleans_a_page(tmp_path: Path) -> None:
    path = tmp_path / "pier.html"
    body = "".join(f"<p>{paragraph}</p>" for paragraph in ARTICLE.split("\n\n"))
    path.write_text(
        f"<html><head><title>Pier to be rebuilt</title></head><body><article>{body}</article></body></html>"
    )
    view = explain_input(tmp_path / "none", str(path)).view
    assert view is not None
    assert "open Their" in view.article.text


def test_explain_input_asks_which_record_of_a_file_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text("".join(json.dumps({"text": f"{BODY} {number}."}) + "\n" for number in range(2)))
    with pytest.raises(ReadingError, match="several inputs") as caught:
        explain_input(tmp_path / "none", str(path))
    named = str(caught.value).split("'")[1]
    document = explain_input(tmp_path / "none", named).document
    assert document.source_uri == named


@pytest.mark.parametrize(("name", "content"), [("menu.txt", b""), ("sheet.xyz", b"\x00\x01")], ids=["empty", "no text"])
def test_explain_input_says_why_a_file_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    explanation = explain_input(tmp_path / "none", str(tmp_path / name))
    assert [row.stage for row in explanation.refusals] == ["ingest"]
    assert (explanation.view, explanation.document, explanation.is_published) == (None, None, False)


@pytest.mark.parametrize("content", ["", "Home World Sport"], ids=["refused by ingest", "refused by clean"])
def test_explain_prints_a_refusal_for_readers_and_for_scripts(tmp_path: Path, content: str) -> None:
    path = tmp_path / "input.txt"
    path.write_text(content, "utf-8")
    _, out, _ = call("explain", str(path), "-w", str(tmp_path / "none"), "--json")
    record = json.loads(out)
    [refusal] = record["refusals"]
    assert record["source_uri"] == refusal["source_uri"]
    assert (record["text"], record["fields"]) == (None, {})
    _, out, _ = call("explain", str(path), "-w", str(tmp_path / "none"))
    assert f"refused by {refusal['stage']}: {refusal['check_name']}" in out


def test_explain_shows_fields_removed_text_and_repairs(article: Path, tmp_path: Path) -> None:
    code, out, _ = call("explain", str(article), "-w", str(tmp_path / "none"))
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert code == 0
    assert "byline Hana Quill printed" in lines
    assert "⟦shortcode, ad_shortcode: [ad_2]⟧" in out
    assert "glued, glued_capital openTheir open Their" in lines
    assert "mojibake, lost_character \ufffd ’ not applied" in lines
    assert "\x1b" not in out


def test_explain_prints_json_that_rebuilds_the_file(article: Path, tmp_path: Path) -> None:
    code, out, _ = call("explain", str(article), "-w", str(tmp_path / "none"), "--json")
    record = json.loads(out)
    rows = [(row["start_char"], row["end_char"], "") for row in record["removed_spans"]]
    rows += [(row["start_char"], row["end_char"], row["after"]) for row in record["repairs"] if row["is_applied"]]
    text = ARTICLE
    for start, end, after in sorted(rows, reverse=True):
        text = text[:start] + after + text[end:]
    assert code == 0
    assert text == record["text"]
    assert record["fields"]["byline"]["value"] == "Hana Quill"


@pytest.mark.parametrize("is_terminal", [True, False])
def test_print_explanation_colours_on_a_terminal_only(article: Path, tmp_path: Path, is_terminal: bool) -> None:
    explanation = explain_input(tmp_path / "none", str(article))
    out = StringIO()
    console = Console(file=out, force_terminal=is_terminal, width=120, _environ={"TERM": "xterm"})
    print_explanation(console, explanation)
    assert ("\x1b[" in out.getvalue()) == is_terminal


def test_explain_input_shows_removed_text_with_its_rule(tmp_path: Path) -> None:
    publish_made_up(tmp_path)
    view = explain_input(tmp_path, "harbour.txt").view
    assert view is not None
    pieces = [piece for paragraph in view.paragraphs for piece in paragraph.pieces]
    removed = [(piece.edit.category, piece.text) for piece in pieces if piece.edit and piece.is_removed]
    assert ("advertisement", "[advert]") in removed
    assert "".join(piece.text for piece in pieces if not piece.is_removed) == MADE_UP[0].text.replace("\n\n", "")


def test_explain_input_gives_the_reason_of_a_refusal(tmp_path: Path) -> None:
    publish_made_up(tmp_path)
    explanation = explain_input(tmp_path, "empty.txt")
    assert [(row.stage, row.check_name) for row in explanation.refusals] == [("ingest", "has_text")]
    assert explanation.is_published


def test_explain_input_names_both_the_file_and_the_warehouse_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(ReadingError) as caught:
        explain_input(tmp_path / "none", "nowhere.txt#L3")
    message = str(caught.value)
    assert "no file 'nowhere.txt'" in message
    assert f"no warehouse at {tmp_path / 'none'}" in message
    assert "onrecord run" in message


@pytest.mark.parametrize(
    ("content", "expected"),
    [("", 1), ("Home World Sport", 1), (ARTICLE, 0)],
    ids=["refused by ingest", "refused by clean", "accepted"],
)
@pytest.mark.parametrize("options", [(), ("--json",)], ids=["for readers", "for scripts"])
def test_explain_exits_alike_whichever_stage_refuses(
    tmp_path: Path, content: str, expected: int, options: tuple[str, ...]
) -> None:
    path = tmp_path / "input.txt"
    path.write_text(content, "utf-8")
    code, _, _ = call("explain", str(path), "-w", str(tmp_path / "none"), *options)
    assert code == expected


def test_explain_documents_its_exit_code() -> None:
    _, out, _ = call("explain", "--help")
    assert "Exits with 1 where the input is refused" in " ".join(out.split())
