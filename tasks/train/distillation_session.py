"""One distillation in one folder: as `TrainingSession`, from a trained model and texts that nobody annotated."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds

from tasks.train.distillation import Distillation
from tasks.train.exported import read_exported
from tasks.train.network import Tagger
from tasks.train.plan import DistillationPlan
from tasks.train.pruning import prune, weigh_parts
from tasks.train.session import TrainingData, TrainingSession, hash_files
from tasks.train.shape import EncoderShape
from tasks.train.streams import UNLABELLED, TrainingBatch, unlabelled_stream
from tasks.train.training import gold_losses

# Parts are weighed on batches drawn apart from those that are learnt from.
WEIGHING_SEED = 1000
WEIGHED = ("roles", "roles", "entities")


def read_texts(path: Path) -> list[str]:
    """The column `text` of a Parquet file, or of a folder that holds one table, as a warehouse's `articles`.

    Raises FileNotFoundError where there is nothing, ValueError where it is no such table or holds no text.
    """
    if not path.exists():
        raise FileNotFoundError(f"{path} is not there")
    try:
        dataset = ds.dataset(path, format="parquet")
        if len({tuple(fragment.physical_schema.names) for fragment in dataset.get_fragments()}) > 1:
            raise ValueError("its files are of several tables")
        column = dataset.to_table(columns=["text"])["text"].to_pylist()
    except (ValueError, OSError, pa.ArrowException) as error:
        raise ValueError(f"{path} is no Parquet of one table with a column text: {error}") from error
    if not (texts := [text for text in column if isinstance(text, str) and text.strip()]):
        raise ValueError(f"{path} holds no text")
    return texts


class DistillationSession(TrainingSession[DistillationPlan]):
    """A folder's distillation, taken up where it stopped.

    It begins with the model in `student_file`, whose size then stands in the plan, else with the teacher's pruned.
    Raises ValueError where a text is one that is scored on, where the folder is the teacher's or the student's own,
    where the student is no smaller model of the teacher, and as `read_exported` and `prune`.
    """

    def __init__(
        self,
        data: TrainingData,
        plan: DistillationPlan,
        folder: Path,
        *,
        teacher_file: Path,
        texts: list[str],
        student_file: Path | None = None,
        threads: int,
    ) -> None:
        scored = {_only_words(article.text) for article in data.dev_articles}
        if count := sum(_only_words(text) in scored for text in texts):
            raise ValueError(f"{count} of the texts are among those to be scored on: keep them out")
        for name, file in (("teacher", teacher_file), ("student", student_file)):
            if file and (folder / "tagger.onnx").resolve() == file.resolve():
                raise ValueError(f"{folder} is the {name}'s own folder, whose model would be replaced: choose another")
        self.texts = texts
        self.teacher, self.teachers_tokenizer = read_exported(teacher_file)
        digest = hashlib.sha256("\0".join(texts).encode())
        hashes = {"texts without annotation": digest.hexdigest(), "teacher": hash_files(teacher_file)}
        self.student = None
        if student_file:
            self.student = self._read_student(student_file)
            shape = self.student.shape
            plan = replace(plan, heads=sum(shape.heads), inner=sum(shape.inner))
            hashes["student"] = hash_files(student_file)
        super().__init__(replace(data, hashes=data.hashes | hashes), plan, folder, threads=threads)

    def read_tokenizer(self) -> str:
        """The teacher's tokenizer, as JSON."""
        return self.teachers_tokenizer

    def begin(self, shape: EncoderShape | None) -> Distillation:
        """The distillation before its first step; without a shape the teacher is weighed and pruned."""
        tagger = Tagger(shape) if shape else self.student or self._prune_teacher()
        tagger.freeze_embeddings()
        return Distillation(self.plan, tagger, self.teacher, self.folder, self.data.hashes)

    def _read_student(self, path: Path) -> Tagger:
        student, tokenizer = read_exported(path)
        own, taught = student.shape, self.teacher.shape
        is_part = replace(own, heads=(), inner=()) == replace(taught, heads=(), inner=()) and all(
            len(mine) == len(theirs) and all(map(int.__le__, mine, theirs))
            for mine, theirs in ((own.heads, taught.heads), (own.inner, taught.inner))
        )
        if not is_part or tokenizer != self.teachers_tokenizer:
            raise ValueError(f"{path} is no smaller model of the teacher: its layers or its word pieces are others")
        return student

    def _prune_teacher(self) -> Tagger:
        streams = self.streams(self.plan.seed + WEIGHING_SEED)
        batches = (next(streams[WEIGHED[number % len(WEIGHED)]]) for number in range(self.plan.weighed_batches))
        importance = weigh_parts(
            self.teacher,
            batches,
            lambda batch: gold_losses(
                self.teacher(batch.ids, batch.shapes, batch.marks, batch.opens, batch.lengths),
                batch,
                self.plan.pointer_weight,
            )[1],
        )
        return prune(self.teacher, importance, heads=self.plan.heads, inner=self.plan.inner)

    def describe_data(self) -> str:
        """One line of what is learnt from and scored on."""
        heads, inner = (sum(part) for part in (self.training.tagger.shape.heads, self.training.tagger.shape.inner))
        return (
            f"{super().describe_data()}. Smaller than its teacher, of which {heads} attention heads and {inner} inner "
            f"neurons were kept; {len(self.texts)} texts without annotation for it to be taught on"
        )

    def streams(self, seed: int) -> dict[str, Iterator[TrainingBatch]]:
        """What is read, by task, the texts without annotation among them."""
        unlabelled = unlabelled_stream(self.texts, self.reader, seed, self.plan.batch_pieces)
        return {**super().streams(seed), UNLABELLED: unlabelled}


def _only_words(text: str) -> str:
    return " ".join(text.split())
