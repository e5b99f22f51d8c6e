"""What every item that a reader gives has to be."""

from schemas import Document


def require_sound(item):
    """Nothing, where the tables can hold the item."""
    if isinstance(item, Document):
        item.raw_text.encode("utf-8")
        assert "\0" not in item.raw_text
        assert item.byte_count > 0
        for name in ("declared_title", "declared_outlet", "declared_author", "declared_url"):
            (getattr(item, name) or "").encode("utf-8")
