"""Text from articles made safe to show: no control characters, no reordering, no runaway length."""

import re

# C0 and C1 controls but tab and newline; line and paragraph separators; bidirectional embeddings,
# overrides and isolates, which make a line read in another order than it is stored.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
SPACES = re.compile(r"\s+")


def strip_controls(text: str) -> str:
    """The text without characters that steer a terminal or reorder a line; newlines and tabs stay.

    A character that parts lines becomes a newline, so that words do not run together.
    """
    # All of them are unprintable, and few texts hold a character that is.
    if text.isprintable():
        return text
    return CONTROLS.sub(lambda match: "\n" if match[0] in "\x0b\x0c\r\x85\u2028\u2029" else "", text)


def flatten_text(text: str) -> str:
    """The text on one line: controls stripped, every run of white space one space."""
    return SPACES.sub(" ", strip_controls(text)).strip()


def shorten_text(text: str, limit: int) -> str:
    """The text on one line, cut at a word to at most `limit` characters, an ellipsis included."""
    flat = flatten_text(text)
    if len(flat) <= limit:
        return flat
    cut = flat[: limit - 1]
    head, space, _ = cut.rpartition(" ")
    # A single word longer than the line is cut where the line ends.
    return (head if space and len(head) > limit // 2 else cut).rstrip(" ,;:") + "…"
