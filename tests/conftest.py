"""Fixtures that several test folders share."""

import pytest
from spacy.language import Language

from tasks.annotate.pipeline import load_pipeline


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The pipeline of the rules, loaded once for all tests."""
    return load_pipeline("rules")
