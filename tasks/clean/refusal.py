"""Inputs that are no article: what they are instead."""

from dataclasses import dataclass

from tasks.clean.lines import measure_line
from tasks.clean.tables import load_table


@dataclass(frozen=True, slots=True)
class Refusal:
    """A check that an input failed, what was seen, and what the check asks for."""

    check: str
    observed: str
    expected: str


def find_refusal(text: str, source_text: str, *, word_count: int) -> Refusal | None:
    """Why this is no article; None where it is one.

    `text` is the clean text, its white space made regular, and `source_text` what it was made of.
    """
    limits = load_table("not_articles.toml")["limits"]
    total = word_count
    if total == 0:
        seen = "nothing but page furniture" if source_text.strip() else "no text at all"
        return Refusal("is_article", seen, f"at least {limits['minimum_running_words']} words of running text")
    if total <= limits["maximum_notice_words"] and (notice := _find_notice(source_text, text)):
        return Refusal("is_article", notice, "an article, not a notice of the site")
    enough = max(limits["minimum_running_words"], limits["minimum_sentence_share"] * total)
    running = 0
    for line in filter(None, map(str.strip, text.splitlines())):
        word_count, _, is_prose = measure_line(line, single_spaces=True)
        running += word_count if is_prose else 0
        if running >= enough:
            return None
    if running < limits["minimum_running_words"]:
        observed = f"{running} words of running text, {total} words in all"
        return Refusal("is_article", observed, f"at least {limits['minimum_running_words']} words of running text")
    observed = f"{running} of {total} words stand in sentences: a list or a menu"
    return Refusal("is_article", observed, f"at least {limits['minimum_sentence_share']:.0%} of the words in sentences")


def _find_notice(source_text: str, text: str) -> str | None:
    """The notice that the source is, if some of it is left in the clean text: one above an article leaves nothing."""
    lowered, kept = source_text.lower(), text.lower()
    for notice in load_table("not_articles.toml")["notice"]:
        found = [phrase for phrase in notice["phrases"] if phrase in lowered]
        if len(found) >= notice["minimum"] and any(phrase in kept for phrase in found):
            return f"{notice['name']}: " + ", ".join(found)
    return None


def name_notice(text: str) -> str | None:
    """The notice that a page without an article shows instead; one phrase tells which. None where none does."""
    lowered = text.lower()
    for notice in load_table("not_articles.toml")["notice"]:
        if found := [phrase for phrase in notice["phrases"] if phrase in lowered]:
            return f"{notice['name']}: " + ", ".join(found)
    return None
