"""Inputs that are no article: what they are instead."""

from dataclasses import dataclass

from tasks.clean.lines import split_lines
from tasks.clean.rules import load_table


@dataclass(frozen=True, slots=True)
class Refusal:
    """A check that an input failed, what was seen, and what the check asks for."""

    check: str
    observed: str
    expected: str


def find_refusal(text: str, source_text: str, *, word_count: int) -> Refusal | None:
    """Why this is no article; None where it is one. `text` is the clean text, `source_text` what it was made of."""
    limits = load_table("not_articles.toml")["limits"]
    total = word_count
    if total == 0:
        seen = "nothing but page furniture" if source_text.strip() else "no text at all"
        return Refusal("is_article", seen, f"at least {limits['minimum_running_words']} words of running text")
    if total <= limits["maximum_notice_words"] and (notice := _find_notice(source_text)):
        return Refusal("is_article", notice, "an article, not a notice of the site")
    running = sum(line.word_count for line in split_lines(text) if line.is_prose)
    if running < limits["minimum_running_words"]:
        observed = f"{running} words of running text, {total} words in all"
        return Refusal("is_article", observed, f"at least {limits['minimum_running_words']} words of running text")
    if running / total < limits["minimum_sentence_share"]:
        observed = f"{running} of {total} words stand in sentences: a list or a menu"
        return Refusal(
            "is_article", observed, f"at least {limits['minimum_sentence_share']:.0%} of the words in sentences"
        )
    return None


def _find_notice(source_text: str) -> str | None:
    lowered = source_text.lower()
    for notice in load_table("not_articles.toml")["notice"]:
        found = [phrase for phrase in notice["phrases"] if phrase in lowered]
        if len(found) >= notice["minimum"]:
            return f"{notice['name']}: " + ", ".join(found)
    return None
