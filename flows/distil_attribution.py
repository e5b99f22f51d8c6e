"""Makes a smaller, faster tagger from a trained one as a flow: model file, gold folders and texts in, model out."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from prefect import flow, get_run_logger, task

from flows.train_attribution import USAGE, export_card, learn, read_gold, require_packages
from tasks.train.card import ModelCard
from tasks.train.plan import DistillationPlan

if TYPE_CHECKING:
    from tasks.train.session import TrainingData

DEFAULT_PLAN = DistillationPlan()
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="markdown")


@task(name="distil tagger")
def distil_tagger(
    data: "TrainingData",
    plan: DistillationPlan,
    folder: str,
    teacher: str,
    texts_file: str,
    student: str | None,
    threads: int,
) -> ModelCard:
    """Prune the teacher, let the rest learn to the end of the plan, from the folder's checkpoint where there is one.

    Leaves the model file `tagger.onnx`, its card `MODEL_CARD.md` and `learning_curve.png` in the folder.
    """
    from tasks.train.distillation_session import DistillationSession, read_texts

    texts = read_texts(Path(texts_file))
    session = DistillationSession(
        data,
        plan,
        Path(folder),
        teacher_file=Path(teacher),
        texts=texts,
        student_file=Path(student) if student else None,
        threads=threads,
    )
    get_run_logger().info("Of the teacher there are left: %s.", session.training.tagger.shape)
    learn(session)
    return export_card(session)


@flow(name="distil-attribution")
def distil_attribution(
    teacher: str,
    texts_file: str,
    brat_folder: str,
    conll_file: str,
    dev_brat_folder: str | None = None,
    dev_conll_file: str | None = None,
    student: str | None = None,
    output: str = "data/distilled",
    plan: DistillationPlan = DEFAULT_PLAN,
    threads: int = 2,
) -> dict[str, float]:
    """Make a smaller tagger and return its scores; killed and started again it goes on where it stopped.

    Args:
        teacher: A model file of `train-attribution`.
        texts_file: Parquet with a column `text`, such as a warehouse's articles; no annotation is needed.
        brat_folder: `text/*.txt` and `attributions/*.ann` in brat standoff.
        conll_file: Named entities, one token a line, its tag in the last column.
        dev_brat_folder: Articles to score on; never trained on, and not to be among the texts.
        dev_conll_file: Entities to score on; never trained on.
        student: A model file of an earlier distillation to go on from; without it the teacher is pruned.
        output: Folder of checkpoint, learning curve, model and card.
        plan: How small it is made, how long and how fast it learns.
        threads: Processor threads to use.
    """
    data = read_gold(brat_folder, conll_file, dev_brat_folder, dev_conll_file)
    return distil_tagger(data, plan, output, teacher, texts_file, student, threads).scores


@app.command()
def main(
    teacher: Annotated[Path, typer.Option(help="The model to learn from, as flows.train_attribution leaves it.")],
    texts: Annotated[Path, typer.Option(help="Parquet with a column text: a warehouse's articles, say.")],
    brat: Annotated[Path, typer.Option(help="Folder of articles in brat standoff: text/*.txt, attributions/*.ann.")],
    conll: Annotated[Path, typer.Option(help="Named entities in CoNLL form.")],
    dev_brat: Annotated[Path | None, typer.Option(help="Articles to score on.")] = None,
    dev_conll: Annotated[Path | None, typer.Option(help="Entities to score on.")] = None,
    student: Annotated[Path | None, typer.Option(help="Go on from this smaller model, taught before.")] = None,
    output: Annotated[Path, typer.Option(help="Where checkpoint, model and card go.")] = Path("data/distilled"),
    threads: Annotated[int, typer.Option(min=1, help="Processor threads.")] = 2,
    heads: Annotated[
        int | None, typer.Option(min=1, help=f"Attention heads to keep, in all layers: {DistillationPlan.heads}.")
    ] = None,
    inner: Annotated[
        int | None, typer.Option(min=1, help=f"Inner neurons to keep, in all layers: {DistillationPlan.inner}.")
    ] = None,
    pieces: Annotated[int, typer.Option(min=1, help="Word pieces to read.")] = DistillationPlan.pieces,
    seed: Annotated[int, typer.Option(help="Draws the order, cuts and masks.")] = DistillationPlan.seed,
) -> None:
    """Make a smaller, faster tagger from a trained one; an hour on two cores. Killed, it goes on where it stopped.

    Example: python -m flows.distil_attribution --teacher data/training/tagger.onnx
    --texts data/warehouse/current/articles --brat polnear/train --conll ner/train.txt
    """
    require_packages()
    if student and (heads or inner):
        typer.echo("error: --student has its size already: leave out --heads and --inner", err=True)
        raise typer.Exit(USAGE)
    plan = DistillationPlan(
        heads=heads or DistillationPlan.heads, inner=inner or DistillationPlan.inner, pieces=pieces, seed=seed
    )
    gold = (str(brat), str(conll), str(dev_brat) if dev_brat else None, str(dev_conll) if dev_conll else None)
    try:
        scores = distil_attribution(
            str(teacher), str(texts), *gold, str(student) if student else None, str(output), plan, threads
        )
    except (FileNotFoundError, ValueError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(USAGE) from error
    typer.echo(json.dumps(scores, indent=2))
    typer.echo(f"Model and card in {output}; to use the model, copy tagger.onnx to tasks/annotate/tagger/.")


if __name__ == "__main__":
    app()
