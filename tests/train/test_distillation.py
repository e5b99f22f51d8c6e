from dataclasses import replace

import numpy as np
import onnxruntime
import pytest

torch = pytest.importorskip("torch", reason="training needs `make setup-train`")

from tasks.annotate.tagger.labels import HEADS, OUTPUT_WIDTH  # noqa: E402
from tasks.train import training  # noqa: E402
from tasks.train.distillation import (  # noqa: E402
    CONTENT,
    Distillation,
    _divergence,
    _hints,
    pointer_divergence,
)
from tasks.train.export import export_tagger  # noqa: E402
from tasks.train.exported import read_exported  # noqa: E402
from tasks.train.network import Dense, Tagger  # noqa: E402
from tasks.train.plan import DistillationPlan  # noqa: E402
from tasks.train.streams import UNLABELLED, attribution_stream, entity_stream, unlabelled_stream  # noqa: E402
from tests.annotate.tagger.tiny_model import SHAPE, tiny_reader, tokenizer_json  # noqa: E402
from tests.train.tiny_training import ENTITY_DOCUMENTS, make_articles  # noqa: E402

PLAN = DistillationPlan(pieces=40_000, batch_pieces=600, learning_rate=3e-3)
TEXTS = [article.text.replace("ferry", "mayor") for article in make_articles()]


def make_distillation(folder, plan=PLAN):
    torch.set_num_threads(1)
    torch.manual_seed(5)
    teacher = Tagger(SHAPE)
    with torch.no_grad():
        teacher.output.weight.mul_(20)
    tagger = Tagger(replace(SHAPE, heads=(3, 1), inner=(32, 16)))
    tagger.words.load_state_dict(teacher.words.state_dict())
    tagger.freeze_embeddings()
    return Distillation(plan, tagger, teacher, folder)


class Killed(Exception):
    """Stands for a process that dies."""


def learn(distillation, plan=PLAN, *, dies_at=None):
    reader, losses = tiny_reader(), []

    def report(progress, step):
        losses.append(step)
        if progress.step == dies_at:
            raise Killed

    streams = {
        "roles": attribution_stream(make_articles(), reader, plan.seed, plan.batch_pieces),
        "entities": entity_stream(ENTITY_DOCUMENTS, reader, plan.seed, plan.batch_pieces),
        UNLABELLED: unlabelled_stream(TEXTS, reader, plan.seed, plan.batch_pieces),
    }
    distillation.run(streams, report=report, checkpoint_every=2)
    return losses


def test_distillation_comes_nearer_to_its_teacher(tmp_path):
    losses = learn(make_distillation(tmp_path, replace(PLAN, gold_weight=0.0)))
    first, last = (
        {name: np.mean([step[name] for step in part]) for name in ("taught roles", "taught pointers")}
        for part in (losses[:8], losses[-8:])
    )
    assert last["taught roles"] < first["taught roles"] / 3
    assert last["taught pointers"] < first["taught pointers"]


def test_distillation_reads_gold_and_texts_without_annotation_by_turns(tmp_path):
    losses = learn(make_distillation(tmp_path, replace(PLAN, pieces=6_000)))
    tasks = ["roles" if "roles" in step else "entities" if "entities" in step else UNLABELLED for step in losses[:10]]
    assert tasks == ["roles", "entities", UNLABELLED, "roles", "entities"] * 2
    assert "hints" in losses[0]
    assert "hints" not in losses[-1]


def test_entity_stream_swaps_names_where_it_is_asked_to():
    others = [[[("Mayor", "I-PER"), ("Town", "I-PER"), ("was", "O"), ("late", "O")]]]

    def read(swapped_share):
        stream = entity_stream(ENTITY_DOCUMENTS + others, tiny_reader(), 1, 600, swapped_share=swapped_share)
        return [next(stream).ids for _ in range(4)]

    assert all(map(torch.equal, read(0.0), read(0.0)))
    assert all(map(torch.equal, read(1.0), read(1.0)))
    assert not all(map(torch.equal, read(0.0), read(1.0)))


def test_distillation_rounds_at_the_end_alone(tmp_path):
    distillation = make_distillation(tmp_path, replace(PLAN, pieces=6_000, rounded_share=0.5))
    rounded = []
    step = distillation._step

    def watch(batch):
        result = step(batch)
        dense = [module.is_rounded for module in distillation.tagger.modules() if isinstance(module, Dense)]
        assert len(set(dense)) == 1
        rounded.append(dense[0])
        return result

    distillation._step = watch
    learn(distillation)
    assert rounded == sorted(rounded)
    assert not rounded[0]
    assert rounded[-1]


@pytest.mark.parametrize("dies_at", [3, 11])
def test_distillation_killed_and_resumed_ends_with_the_same_weights(tmp_path, dies_at):
    plan = replace(PLAN, pieces=8_000, rounded_share=0.4)
    whole = make_distillation(tmp_path / "whole", plan)
    assert len(learn(whole, plan)) > 11
    with pytest.raises(Killed):
        learn(make_distillation(tmp_path / "killed", plan), plan, dies_at=dies_at)
    resumed = make_distillation(tmp_path / "killed", plan)
    assert resumed.resume()
    assert resumed.progress.step == dies_at - 1
    learn(resumed, plan)
    for name, value in whole.tagger.state_dict().items():
        assert torch.equal(value, resumed.tagger.state_dict()[name]), name


def test_distillation_masks_the_learner_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(training, "MASK_ID", 4)
    distillation = make_distillation(tmp_path, replace(PLAN, pieces=1, masked_share=0.5))
    seen = {"teacher": [], "tagger": []}
    for name, rows in seen.items():
        getattr(distillation, name).words.register_forward_pre_hook(lambda _, inputs, rows=rows: rows.append(inputs[0]))
    learn(distillation)
    assert not (seen["teacher"][0] == 4).any()
    assert (seen["tagger"][0] == 4).any()


def make_rows(values):
    """Rows of two pieces whose roles head gives these numbers, all else nought."""
    rows = torch.zeros(1, 2, OUTPUT_WIDTH)
    rows[..., HEADS["roles"].start : HEADS["roles"].start + 2] = torch.tensor(values)
    return rows.requires_grad_()


def test_divergence_is_the_teachers_from_the_learners_over_scored_pieces():
    columns = slice(HEADS["roles"].start, HEADS["roles"].start + 2)
    mine = make_rows([[0.0, 0.0], [5.0, 0.0]])
    taught = make_rows([[np.log(3.0), 0.0], [0.0, 0.0]])
    is_scored = torch.tensor([[True, False]])
    expected = 0.75 * np.log(0.75 / 0.5) + 0.25 * np.log(0.25 / 0.5)
    assert _divergence(mine, taught, columns, is_scored).item() == pytest.approx(expected, abs=1e-6)
    assert _divergence(mine, mine, columns, torch.ones(1, 2, dtype=torch.bool)).item() == pytest.approx(0, abs=1e-6)


def test_pointer_divergence_looks_at_contents_and_past_no_padding():
    torch.manual_seed(2)
    mine, taught = torch.randn(2, 1, 5, OUTPUT_WIDTH).unbind()
    is_scored = torch.ones(1, 5, dtype=torch.bool)
    taught[..., HEADS["roles"]] = 0
    taught[0, 1, HEADS["roles"].start + CONTENT] = 9
    lengths = torch.tensor([4])
    apart = pointer_divergence(mine, taught, is_scored, lengths)
    assert apart > 0
    assert pointer_divergence(taught, taught, is_scored, lengths).item() == pytest.approx(0, abs=1e-6)
    padded = mine.clone()
    padded[0, 4] = 50
    assert pointer_divergence(padded, taught, is_scored, lengths).item() == pytest.approx(apart.item(), abs=1e-6)
    learner = mine.clone().requires_grad_()
    none = pointer_divergence(learner, taught, is_scored & False, lengths)
    none.backward()
    assert none.item() == 0
    assert not learner.grad.any()


def test_hints_leave_out_padding():
    torch.manual_seed(2)
    mine, taught = torch.randn(2, 1, 3, 8).unbind()
    lengths = torch.tensor([2])
    padded = mine.clone()
    padded[0, 2] = 50
    assert _hints([mine], [taught], lengths) == _hints([padded], [taught], lengths) > 0
    assert _hints([taught], [taught], lengths) == 0


def test_rounded_network_computes_what_the_exported_one_does(tmp_path):
    torch.manual_seed(7)
    path = tmp_path / "tagger.onnx"
    export_tagger(Tagger(SHAPE).arrays(), SHAPE, path, tokenizer_json=tokenizer_json(), metadata={})
    # Read back, since the exported embeddings are rounded as well.
    tagger = read_exported(path)[0].eval()
    session = onnxruntime.InferenceSession(path.read_bytes())
    ids = np.array([2, 7, 8, 9, 10, 11, 12, 3])
    (expected,) = session.run(None, {"ids": ids, "features": np.zeros_like(ids)})
    exact, rounded = (_rows(tagger, ids, is_rounded) for is_rounded in (False, True))
    assert np.abs(rounded - expected).mean() < np.abs(exact - expected).mean() / 3


def _rows(tagger, ids, is_rounded):
    for module in tagger.modules():
        if isinstance(module, Dense):
            module.is_rounded = is_rounded
    zeros = torch.zeros(1, len(ids), dtype=torch.long)
    with torch.no_grad():
        return tagger(torch.from_numpy(ids)[None], zeros, zeros, zeros, None)[0].numpy()
