"""What was passed over, in words: reasons and how often."""

from collections import Counter

MOST_REASONS, LONGEST_REASON = 20, 120


def tell_ignored(ignored: dict[str, int]) -> list[str]:
    """Lines that tell what was passed over and how often, the most frequent first."""
    return [f"{count} passed over: {reason}" for reason, count in shorten_reasons(ignored).items()]


def shorten_reasons(ignored: dict[str, int]) -> dict[str, int]:
    """Counts by reason, the most frequent first, of those beyond the first twenty the sum.

    A reason may hold what a stranger wrote: of it only printable characters, and no more than fit a line.
    """
    ordered = sorted(ignored.items(), key=lambda item: -item[1])
    shown: Counter[str] = Counter()
    for reason, count in ordered[:MOST_REASONS]:
        shown["".join(one if one.isprintable() else "?" for one in reason[:LONGEST_REASON])] += count
    if rest := ordered[MOST_REASONS:]:
        shown[f"{len(rest)} other reasons"] += sum(count for _, count in rest)
    return dict(shown)
