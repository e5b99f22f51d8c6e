from pathlib import Path

import pytest

from flows.validating import showing_failed_checks
from tasks.validate.checks import ValidationFailed
from tests.publish.test_validation_page import write_validated


def test_showing_failed_checks_writes_a_page_and_names_it(tmp_path: Path) -> None:
    write_validated(tmp_path / "validated")
    message = r"^Nothing was published\. .*validation\.html shows every check\.$"
    with pytest.raises(ValidationFailed, match=message), showing_failed_checks(tmp_path):
        raise ValidationFailed("Nothing was published.")
    assert "value__in_range" in (tmp_path / "validation.html").read_text("utf-8")


def test_showing_failed_checks_lets_other_faults_pass(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="disk full"), showing_failed_checks(tmp_path):
        raise OSError("disk full")
    assert list(tmp_path.iterdir()) == []
