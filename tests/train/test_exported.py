from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs `make setup-train`")

from tasks.annotate.tagger.model import Model  # noqa: E402
from tasks.train.export import export_tagger  # noqa: E402
from tasks.train.exported import read_exported  # noqa: E402
from tasks.train.network import Tagger, torch_reader  # noqa: E402
from tests.annotate.tagger.tiny_model import SHAPE, tokenizer_json  # noqa: E402

UNEVEN = replace(SHAPE, heads=(3, 1), inner=(48, 16))
TEXT = "“The ferry was late,” the mayor said."


@pytest.fixture
def exported(tmp_path):
    torch.manual_seed(3)
    tagger = Tagger(UNEVEN)
    for embedding in (tagger.shapes, tagger.marks, tagger.paragraph_starts):
        torch.nn.init.normal_(embedding.weight)
    path = tmp_path / "tagger.onnx"
    export_tagger(tagger.arrays(), tagger.shape, path, tokenizer_json=tokenizer_json(), metadata={})
    return path


def test_read_exported_gives_shape_weights_and_tokenizer(exported):
    model = Model(exported.read_bytes())
    tagger, tokenizer = read_exported(exported)
    assert tagger.shape == UNEVEN
    assert tokenizer == model.metadata["tokenizer"]
    rows = torch_reader(tagger.eval(), model.reader)(TEXT).rows
    expected = model.read(TEXT).rows
    assert np.abs(rows - expected).max() < 0.05 * np.abs(expected).max()


def test_read_exported_says_what_is_no_model(tmp_path):
    text, foreign = tmp_path / "text.onnx", tmp_path / "foreign.onnx"
    text.write_text("no model")
    foreign.write_bytes(b"")
    for path in (text, foreign):
        with pytest.raises(ValueError, match=f"{path.name} is no model of flows.train_attribution"):
            read_exported(path)
    with pytest.raises(FileNotFoundError, match="no model at"):
        read_exported(tmp_path)


def test_read_exported_exported_again_is_the_same_model(exported, tmp_path):
    tagger, tokenizer = read_exported(exported)
    again = tmp_path / "again.onnx"
    export_tagger(tagger.arrays(), tagger.shape, again, tokenizer_json=tokenizer, metadata={})
    one, other = (Model(path.read_bytes()).read(TEXT).rows for path in (exported, again))
    assert np.allclose(one, other, atol=0.02)
