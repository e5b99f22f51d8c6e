"""A run whose tables fail leaves the checks as a page all the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tasks.validate.checks import ValidationFailed


@contextmanager
def showing_failed_checks(folder: Path) -> Iterator[None]:
    """Where validation fails in the block, its checks become a page in the run's `folder`, and the error names it."""
    try:
        yield
    except ValidationFailed as failure:
        from tasks.publish.validation_page import read_validation, write_validation

        page = write_validation(read_validation(folder / "validated"), folder)["validation.html"]
        raise ValidationFailed(f"{failure} {page} shows every check.") from failure
