import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

torch = pytest.importorskip("torch", reason="training needs `make setup-train`")

from tasks.annotate.tagger.model import Model  # noqa: E402
from tasks.train import pruning  # noqa: E402
from tasks.train.distillation_session import DistillationSession, read_texts  # noqa: E402
from tasks.train.export import export_tagger  # noqa: E402
from tasks.train.exported import read_exported  # noqa: E402
from tasks.train.network import Tagger  # noqa: E402
from tasks.train.plan import DistillationPlan  # noqa: E402
from tasks.train.session import TrainingData  # noqa: E402
from tests.annotate.tagger.tiny_model import SHAPE, tiny_model_bytes  # noqa: E402
from tests.train.tiny_training import make_articles, write_brat_folder, write_conll_file  # noqa: E402

PLAN = DistillationPlan(heads=5, inner=60, pieces=6_000, batch_pieces=600, weighed_batches=3)


@pytest.fixture
def gold(tmp_path: Path) -> TrainingData:
    brat, conll = write_brat_folder(tmp_path / "brat"), write_conll_file(tmp_path / "names.txt")
    return TrainingData.read(brat, conll, brat, conll)


@pytest.fixture
def teacher(tmp_path: Path) -> Path:
    path = tmp_path / "teacher.onnx"
    path.write_bytes(tiny_model_bytes())
    return path


def narrow(tagger: Tagger) -> Tagger:
    importance = pruning.Importance(
        tuple(torch.arange(float(count)) for count in tagger.shape.heads),
        tuple(torch.arange(float(count)) for count in tagger.shape.inner),
    )
    return pruning.prune(tagger, importance, heads=5, inner=60)


def begin(gold: TrainingData, teacher: Path, folder: Path, plan: DistillationPlan = PLAN) -> DistillationSession:
    texts = [article.text.replace("ferry", "mayor") for article in make_articles()]
    return DistillationSession(gold, plan, folder, teacher_file=teacher, texts=texts, threads=1)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "BLOCK", 4)


def test_session_leaves_a_smaller_model_with_its_card(gold: TrainingData, teacher: Path, tmp_path: Path) -> None:
    folder, reports = tmp_path / "out", []
    with begin(gold, teacher, folder) as session:
        session.run(reports.append)
    card = session.export()
    shape = read_exported(folder / "tagger.onnx")[0].shape
    assert sum(shape.heads) < sum(SHAPE.heads)
    assert sum(shape.inner) < sum(SHAPE.inner)
    assert set(card.hashes) == {
        *("attributions", "entities", "scored attributions", "scored entities"),
        *("teacher", "texts without annotation"),
    }
    text = (folder / "MODEL_CARD.md").read_text("utf-8")
    assert f"{sum(shape.heads)} attention heads and {sum(shape.inner)} inner neurons were kept" in text
    assert "6 texts without annotation" in text
    model = Model((folder / "tagger.onnx").read_bytes())
    assert json.loads(model.metadata["plan"])["heads"] == PLAN.heads
    assert reports
    assert (folder / "learning_curve.png").read_bytes().startswith(b"\x89PNG")


def test_session_goes_on_where_it_stopped(gold: TrainingData, teacher: Path, tmp_path: Path) -> None:
    session = begin(gold, teacher, tmp_path / "out")
    session.training.progress.step = 3
    session.training.save()
    assert begin(gold, teacher, tmp_path / "out").training.progress.step == 3
    with pytest.raises(ValueError, match="another plan"):
        begin(gold, teacher, tmp_path / "out", replace(PLAN, seed=2))
    other = tmp_path / "other.onnx"
    tagger, tokenizer = read_exported(teacher)
    export_tagger(tagger.arrays(), tagger.shape, other, tokenizer_json=tokenizer, metadata={"plan": "{}"})
    with pytest.raises(ValueError, match=r"of other data \(teacher\): choose another folder"):
        begin(gold, other, tmp_path / "out")


def test_session_goes_on_from_a_smaller_model_taught_before(gold: TrainingData, teacher: Path, tmp_path: Path) -> None:
    student = tmp_path / "student.onnx"
    whole, tokenizer = read_exported(teacher)
    tagger = narrow(whole)
    export_tagger(tagger.arrays(), tagger.shape, student, tokenizer_json=tokenizer, metadata={"plan": "{}"})
    texts = [article.text.replace("ferry", "mayor") for article in make_articles()]

    def go_on(file: Path) -> DistillationSession:
        folder = tmp_path / "out"
        return DistillationSession(gold, PLAN, folder, teacher_file=teacher, texts=texts, student_file=file, threads=1)

    session = go_on(student)
    assert session.training.tagger.shape == tagger.shape != SHAPE
    assert torch.equal(session.training.tagger.output.weight, read_exported(student)[0].output.weight)
    assert (session.plan.heads, session.plan.inner) == (sum(tagger.shape.heads), sum(tagger.shape.inner))
    assert set(session.data.hashes) >= {"teacher", "student"}
    session.training.save()
    assert go_on(student).training.progress.step == 0
    tagger.output.bias.data += 1
    export_tagger(tagger.arrays(), tagger.shape, student, tokenizer_json=tokenizer, metadata={"plan": "{}"})
    with pytest.raises(ValueError, match=r"of other data \(student\)"):
        go_on(student)


def test_session_refuses_a_student_that_is_none_of_its_teacher(
    gold: TrainingData, teacher: Path, tmp_path: Path
) -> None:
    tagger, tokenizer = read_exported(teacher)
    shallow = replace(tagger.shape, heads=tagger.shape.heads[:1], inner=tagger.shape.inner[:1])
    larger = replace(tagger.shape, inner=(52, 48))
    student = tmp_path / "student.onnx"
    for shape, pieces in (
        (shallow, tokenizer),
        (larger, tokenizer),
        (tagger.shape, tokenizer.replace("mayor", "major")),
    ):
        export_tagger(Tagger(shape).arrays(), shape, student, tokenizer_json=pieces, metadata={"plan": "{}"})
        with pytest.raises(ValueError, match="no smaller model of the teacher"):
            DistillationSession(
                *(gold, PLAN, tmp_path / "out"), teacher_file=teacher, texts=["Text."], student_file=student, threads=1
            )


def test_session_refuses_what_is_scored_on_and_the_teachers_own_folder(
    gold: TrainingData, teacher: Path, tmp_path: Path
) -> None:
    scored = [gold.dev_articles[0].text.replace("\n", "\n\n")]
    with pytest.raises(ValueError, match="1 of the texts are among those to be scored on"):
        DistillationSession(gold, PLAN, tmp_path / "out", teacher_file=teacher, texts=scored, threads=1)
    own = teacher.rename(tmp_path / "tagger.onnx")
    with pytest.raises(ValueError, match="teacher's own folder"):
        begin(gold, own, tmp_path)
    with pytest.raises(ValueError, match="student's own folder"):
        DistillationSession(
            gold, PLAN, tmp_path, teacher_file=tmp_path / "other.onnx", texts=["Text."], student_file=own, threads=1
        )


def test_session_says_what_the_teacher_has(gold: TrainingData, teacher: Path, tmp_path: Path) -> None:
    for plan in (replace(PLAN, heads=9), replace(PLAN, heads=1), replace(PLAN, inner=97), replace(PLAN, inner=0)):
        with pytest.raises(ValueError, match=r"the teacher has \d+ in 2 layers"):
            begin(gold, teacher, tmp_path / "out", plan)


def test_session_says_where_the_texts_hold_nothing_to_read(gold: TrainingData, teacher: Path, tmp_path: Path) -> None:
    session = DistillationSession(gold, PLAN, tmp_path / "out", teacher_file=teacher, texts=["\u200b"], threads=1)
    with pytest.raises(ValueError, match="unlabelled: there is nothing to read"), session:
        session.run(lambda _: None)


def test_read_texts_takes_the_column_text(tmp_path: Path) -> None:
    path = tmp_path / "articles.parquet"
    pd.DataFrame({"title": ["a", "b", "c"], "text": ["One.", None, " "]}).to_parquet(path)
    assert read_texts(path) == ["One."]


@pytest.mark.parametrize(
    ("columns", "fault"),
    [({"title": ["a"]}, "with a column text"), ({"text": [None]}, "holds no text")],
)
def test_read_texts_says_what_is_missing(tmp_path: Path, columns: dict[str, list], fault: str) -> None:
    path = tmp_path / "articles.parquet"
    pd.DataFrame(columns).to_parquet(path)
    with pytest.raises(ValueError, match=fault):
        read_texts(path)
    with pytest.raises(FileNotFoundError, match="not there"):
        read_texts(tmp_path / "none.parquet")
    (tmp_path / "text.parquet").write_text("no Parquet")
    with pytest.raises(ValueError, match="no Parquet"):
        read_texts(tmp_path / "text.parquet")


def test_read_texts_takes_a_folder_of_one_table(tmp_path: Path) -> None:
    for number in (1, 2):
        folder = tmp_path / "current" / "articles" / f"fetched_date=2026-01-0{number}"
        folder.mkdir(parents=True)
        pd.DataFrame({"text": [f"Text {number}."]}).to_parquet(folder / "part-0.parquet")
    assert read_texts(tmp_path / "current" / "articles") == ["Text 1.", "Text 2."]
    (tmp_path / "current" / "stories").mkdir()
    pd.DataFrame({"title": ["a"], "text": ["b"]}).to_parquet(tmp_path / "current" / "stories" / "part-0.parquet")
    with pytest.raises(ValueError, match="several tables"):
        read_texts(tmp_path / "current")
