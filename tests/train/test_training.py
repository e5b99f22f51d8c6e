import json
from itertools import islice

import numpy as np
import onnxruntime
import pytest

torch = pytest.importorskip("torch", reason="training needs `make setup-train`")

from tasks.annotate.tagger.model import Model  # noqa: E402
from tasks.train.export import build_graph, export_tagger  # noqa: E402
from tasks.train.network import Tagger, torch_reader  # noqa: E402
from tasks.train.plan import Plan  # noqa: E402
from tasks.train.scoring import score_attributions, tagger_tells  # noqa: E402
from tasks.train.streams import attribution_stream, entity_stream  # noqa: E402
from tasks.train.training import StagedTraining  # noqa: E402
from tests.annotate.tagger.tiny_model import SHAPE, tiny_reader, tokenizer_json  # noqa: E402
from tests.train.tiny_training import ENTITY_DOCUMENTS, make_articles  # noqa: E402

PLAN = Plan(
    attribution_pieces=60_000,
    mixed_pieces=6_000,
    refining_pieces=0,
    batch_pieces=600,
    learning_rate=3e-3,
    head_factor=2.0,
)


class Killed(Exception):
    """Stands for a process that dies."""


def make_training(folder, plan=PLAN):
    torch.manual_seed(plan.seed)
    torch.set_num_threads(1)
    return StagedTraining(plan, Tagger(SHAPE), folder)


def train(training, *, dies_at=None, checkpoint_every=7):
    reader = tiny_reader()
    losses = []

    def report(progress, step_losses):
        losses.append(step_losses)
        if progress.step == dies_at:
            raise Killed

    training.run(
        {
            "roles": attribution_stream(make_articles(), reader, PLAN.seed, PLAN.batch_pieces),
            "entities": entity_stream(ENTITY_DOCUMENTS, reader, PLAN.seed, PLAN.batch_pieces),
        },
        report=report,
        checkpoint_every=checkpoint_every,
    )
    return losses


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    training = make_training(tmp_path_factory.mktemp("trained"))
    training.losses = train(training)
    return training


def test_training_learns(trained):
    first, last = trained.losses[0], [loss for loss in trained.losses if "roles" in loss][-1]
    assert last["roles"] < first["roles"] / 5
    trained.tagger.eval()
    score = score_attributions(make_articles(2), tagger_tells(torch_reader(trained.tagger, tiny_reader())))
    assert score.f1 > 0.9


def test_training_reads_entities_once_in_three_batches_at_the_end(trained):
    tasks = ["entities" if "entities" in loss else "roles" for loss in trained.losses]
    first = tasks.index("entities")
    assert first > len(tasks) // 2
    assert tasks[first : first + 4].count("entities") == 2


def test_training_refines_from_the_averaged_weights(tmp_path):
    plan = Plan(attribution_pieces=3_000, mixed_pieces=1_000, refining_pieces=2_000, batch_pieces=600)
    training = make_training(tmp_path, plan)
    losses = train(training)
    assert training.progress.is_refining
    tasks = ["entities" if "entities" in loss else "roles" for loss in losses]
    assert tasks[-2:] in (["entities", "roles"], ["roles", "entities"])
    main_peak = max(plan.rate(pieces) for pieces in range(0, plan.first_round, 100))
    later_peak = max(plan.rate(pieces) for pieces in range(plan.first_round + 1, plan.total_pieces, 10))
    assert later_peak == pytest.approx(plan.refining_rate * main_peak, rel=0.05)
    assert plan.rate(plan.first_round) == plan.rate(plan.total_pieces) == 0


def test_start_refining_takes_the_averaged_weights(tmp_path):
    training = make_training(tmp_path)
    name = next(iter(training.averaged))
    training.averaged[name] += 1.0
    training._start_refining()
    assert torch.equal(dict(training.tagger.named_parameters())[name], training.averaged[name])


def test_training_killed_and_resumed_ends_with_the_same_weights(tmp_path):
    plan = Plan(attribution_pieces=4_000, mixed_pieces=2_000, refining_pieces=3_000, batch_pieces=600)
    whole = make_training(tmp_path / "whole", plan)
    train(whole)
    killed = make_training(tmp_path / "killed", plan)
    with pytest.raises(Killed):
        train(killed, dies_at=10, checkpoint_every=4)
    resumed = make_training(tmp_path / "killed", plan)
    assert resumed.resume()
    assert resumed.progress.step == 8
    train(resumed)
    for name, value in whole.tagger.state_dict().items():
        assert torch.equal(value, resumed.tagger.state_dict()[name]), name
    for name, value in whole.averaged.items():
        assert torch.equal(value, resumed.averaged[name]), name


def test_resume_refuses_a_checkpoint_of_another_plan(tmp_path):
    make_training(tmp_path).save()
    with pytest.raises(ValueError, match="another plan"):
        make_training(tmp_path, Plan(seed=2)).resume()


def test_resume_without_checkpoint_starts_anew(tmp_path):
    assert not make_training(tmp_path / "none").resume()


def test_build_graph_computes_what_the_network_computes(trained):
    tagger = trained.tagger.eval()
    session = onnxruntime.InferenceSession(build_graph(tagger.arrays(), SHAPE).SerializeToString())
    ids, shapes, marks, opens = np.array([[2, 7, 8, 3], [0, 1, 1, 0], [0, 1, 2, 0], [0, 1, 0, 0]])
    with torch.no_grad():
        expected = tagger(*(torch.from_numpy(values)[None] for values in (ids, shapes, marks, opens)), None)[0]
    (rows,) = session.run(None, {"ids": ids, "features": (shapes * 4 + marks) * 2 + opens})
    assert np.allclose(rows, expected.numpy(), atol=1e-4)


def test_export_tagger_keeps_what_was_learnt(trained, tmp_path):
    path = tmp_path / "tagger.onnx"
    metadata = {"plan": json.dumps({"seed": 1})}
    export_tagger(trained.tagger.arrays(), SHAPE, path, tokenizer_json=tokenizer_json(), metadata=metadata)
    model = Model(path.read_bytes())
    assert model.metadata["plan"] == metadata["plan"]
    assert score_attributions(make_articles(2), tagger_tells(model.read)).f1 > 0.9


def test_streams_are_the_same_for_the_same_seed():
    reader = tiny_reader()
    one, two, other = (
        [batch.ids.tolist() for batch in islice(attribution_stream(make_articles(), reader, seed, 600), 5)]
        for seed in (1, 1, 2)
    )
    assert one == two
    assert one != other
