import numpy as np
import pytest
import spacy

from tasks.annotate.tagger.component import FACTORY
from tasks.annotate.tagger.labels import CONFIDENCES, OUTPUT_WIDTH, SPANS_KEY
from tasks.annotate.tagger.model import Model
from tests.annotate.tagger.tiny_model import tiny_model_bytes

TEXT = "Mara Lind said we won.\n\n“The ferry was late,” said the mayor of town, “late.”"


@pytest.fixture
def nlp(tmp_path):
    path = tmp_path / "tagger.onnx"
    path.write_bytes(tiny_model_bytes())
    nlp = spacy.blank("en")
    nlp.add_pipe(FACTORY, config={"model": str(path)})
    return nlp


def test_component_sets_spans_entities_and_confidences(nlp):
    doc = nlp(TEXT * 5)
    spans = doc.spans[SPANS_KEY]
    assert {span.label_ for span in spans} <= {"content", "cue", "source"}
    linked = {span.id for span in spans if span.id}
    assert linked == set(range(1, len(doc.user_data[CONFIDENCES]) + 1))
    assert all(any(s.id == number and s.label_ == "content" for s in spans) for number in linked)
    assert all(0.2 <= value <= 0.9 for value in doc.user_data[CONFIDENCES])
    assert {entity.label_ for entity in doc.ents} <= {"PER", "ORG", "LOC", "MISC"}
    assert linked or doc.ents


def test_component_is_the_same_from_disk(nlp, tmp_path):
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    docs = [pipeline(TEXT * 3) for pipeline in (nlp, again)]
    one, two = ([(s.start, s.end, s.label_, s.id) for s in doc.spans[SPANS_KEY]] for doc in docs)
    assert one == two
    assert one


def test_component_reads_a_text_without_words(nlp):
    doc = nlp(" \n\n ")
    assert len(doc.spans[SPANS_KEY]) == 0
    assert doc.ents == ()


def test_model_reads_long_texts_window_by_window():
    reading = Model(tiny_model_bytes()).read(TEXT * 40)
    assert reading.rows.shape == (len(reading.pieces), OUTPUT_WIDTH)
    assert np.isfinite(reading.rows).all()
    assert reading.windows.max() > 1
    assert reading.null_keys(np.arange(3)).shape[0] == 3


def test_model_gives_the_same_rows_twice():
    model = Model(tiny_model_bytes())
    assert np.array_equal(model.read(TEXT).rows, model.read(TEXT).rows)
