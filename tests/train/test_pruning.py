from itertools import islice

import pytest

torch = pytest.importorskip("torch", reason="training needs `make setup-train`")

from tasks.train import pruning  # noqa: E402
from tasks.train.network import Tagger  # noqa: E402
from tasks.train.pruning import Importance, prune, weigh_parts  # noqa: E402
from tasks.train.streams import attribution_stream  # noqa: E402
from tasks.train.training import gold_losses  # noqa: E402
from tests.annotate.tagger.tiny_model import SHAPE, tiny_reader  # noqa: E402
from tests.train.tiny_training import make_articles  # noqa: E402

IDS = torch.tensor([[2, 7, 8, 9, 10, 3]])
FEATURES = (torch.zeros_like(IDS),) * 3
HEAD = slice(SHAPE.head_width, 2 * SHAPE.head_width)
NEURON = 5


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(pruning, "BLOCK", 1)


@pytest.fixture
def tagger():
    """In its first layer the second head and one neuron do nothing."""
    torch.manual_seed(1)
    tagger = Tagger(SHAPE)
    tagger.freeze_embeddings()
    with torch.no_grad():
        tagger.layers[0].project.weight[:, HEAD] = 0
        tagger.layers[0].narrow.weight[:, NEURON] = 0
    return tagger


def weigh(tagger):
    stream = attribution_stream(make_articles(), tiny_reader(), 1, 600)

    def loss(batch):
        return gold_losses(tagger(batch.ids, batch.shapes, batch.marks, batch.opens, batch.lengths), batch, 0.15)[1]

    return weigh_parts(tagger, islice(stream, 2), loss)


def test_weigh_parts_finds_what_does_nothing(tagger):
    importance = weigh(tagger)
    assert [row.shape[0] for row in importance.heads] == list(SHAPE.heads)
    assert [row.shape[0] for row in importance.neurons] == list(SHAPE.inner)
    assert torch.nonzero(importance.heads[0] == 0).flatten().tolist() == [1]
    assert torch.nonzero(importance.neurons[0] == 0).flatten().tolist() == [NEURON]
    assert (importance.heads[1] > 0).all()


def test_weigh_parts_leaves_the_network_as_it_was(tagger):
    before = {name: value.clone() for name, value in tagger.state_dict().items()}
    weigh(tagger)
    assert all(torch.equal(value, before[name]) for name, value in tagger.state_dict().items())
    assert all(value.grad is None for value in tagger.parameters())
    assert not any(module._forward_pre_hooks for module in tagger.modules())


def test_prune_takes_out_what_does_nothing_without_changing_a_row(tagger):
    pruned = prune(tagger, weigh(tagger), heads=sum(SHAPE.heads) - 1, inner=sum(SHAPE.inner) - 1)
    assert pruned.shape.heads == (SHAPE.heads[0] - 1, SHAPE.heads[1])
    assert pruned.shape.inner == (SHAPE.inner[0] - 1, SHAPE.inner[1])
    assert torch.allclose(pruned(IDS, *FEATURES, None), tagger(IDS, *FEATURES, None), atol=1e-5)
    assert not pruned.words.weight.requires_grad


def test_prune_keeps_no_more_of_equal_parts_than_asked_for(tagger):
    equal = Importance(heads=(torch.zeros(4), torch.zeros(4)), neurons=(torch.ones(48), torch.ones(48)))
    assert sum(prune(tagger, equal, heads=4, inner=48).shape.heads) <= 5


@pytest.mark.parametrize(("heads", "inner"), [(9, 20), (1, 20), (4, 97), (4, 1)])
def test_prune_refuses_sizes_that_are_not_there(tagger, heads, inner):
    importance = Importance(heads=(torch.ones(4),) * 2, neurons=(torch.ones(48),) * 2)
    with pytest.raises(ValueError, match=r"the teacher has (8|96) in 2 layers"):
        prune(tagger, importance, heads=heads, inner=inner)


def test_prune_leaves_a_head_and_a_block_of_each_layer(tagger, monkeypatch):
    monkeypatch.setattr(pruning, "BLOCK", 16)
    importance = Importance(
        heads=(torch.arange(4.0) + 1, torch.tensor([0.0, 0.2, 0.1, 0.0])),
        neurons=(torch.arange(48.0) + 100, torch.zeros(48)),
    )
    pruned = prune(tagger, importance, heads=3, inner=32)
    assert pruned.shape.heads == (3, 1)
    assert pruned.shape.inner == (32, 16)
    width = SHAPE.head_width
    assert torch.equal(pruned.layers[1].project.weight, tagger.layers[1].project.weight[:, width : 2 * width])
    assert torch.equal(pruned.layers[0].widen.bias, tagger.layers[0].widen.bias[16:])
