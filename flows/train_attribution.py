"""Training of the tagger as a flow: gold folders in, one model file, its card and its learning curve out."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact

from tasks.train.card import ModelCard
from tasks.train.plan import Plan

if TYPE_CHECKING:
    from tasks.train.session import TrainingData, TrainingSession

DEFAULT_PLAN = Plan()
# What `make setup-train` installs; imported only by the tasks, so that the help is there without.
PACKAGES = ("torch", "onnx", "safetensors", "matplotlib")
USAGE = 2
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="markdown")


@task(name="read gold data")
def read_gold(
    brat_folder: str, conll_file: str, dev_brat_folder: str | None, dev_conll_file: str | None
) -> "TrainingData":
    """The annotated texts to learn from, and those to be scored on."""
    from tasks.train.session import TrainingData

    data = TrainingData.read(
        Path(brat_folder),
        Path(conll_file),
        Path(dev_brat_folder) if dev_brat_folder else None,
        Path(dev_conll_file) if dev_conll_file else None,
    )
    get_run_logger().info(data.describe())
    return data


@task(name="train tagger")
def train_tagger(data: "TrainingData", plan: Plan, folder: str, threads: int) -> None:
    """Train to the end of the plan, from the folder's checkpoint where there is one."""
    from tasks.train.session import StagedSession

    learn(StagedSession(data, plan, Path(folder), threads=threads))


@task(name="export and score")
def export_and_score(data: "TrainingData", plan: Plan, folder: str) -> ModelCard:
    """The model file `tagger.onnx`, its card `MODEL_CARD.md` and `learning_curve.png` in the folder."""
    from tasks.train.session import StagedSession

    return export_card(StagedSession(data, plan, Path(folder), threads=1))


def learn(session: "TrainingSession") -> None:
    """Train to the end of the session's plan, and tell how it goes."""
    logger = get_run_logger()
    with session:
        if session.training.progress.step:
            logger.info("Going on at step %d of an earlier training.", session.training.progress.step)
        session.run(report=logger.info)


def export_card(session: "TrainingSession") -> ModelCard:
    """The session's card, shown on the run's page; model, card and learning curve are in its folder."""
    card = session.export()
    create_markdown_artifact(card.markdown(), key="model-card", description="What the tagger was trained on, scores")
    return card


@flow(name="train-attribution")
def train_attribution(
    brat_folder: str,
    conll_file: str,
    dev_brat_folder: str | None = None,
    dev_conll_file: str | None = None,
    output: str = "data/training",
    plan: Plan = DEFAULT_PLAN,
    threads: int = 2,
) -> dict[str, float]:
    """Train the tagger and return its scores; killed and started again it goes on where it stopped.

    Args:
        brat_folder: `text/*.txt` and `attributions/*.ann` in brat standoff.
        conll_file: Named entities, one token a line, its tag in the last column.
        dev_brat_folder: Articles to score on; never trained on.
        dev_conll_file: Entities to score on; never trained on.
        output: Folder of checkpoint, learning curve, model and card.
        plan: How long and how fast to learn.
        threads: Processor threads to use.
    """
    data = read_gold(brat_folder, conll_file, dev_brat_folder, dev_conll_file)
    train_tagger(data, plan, output, threads)
    return export_and_score(data, plan, output).scores


def require_packages() -> None:
    """Leave with a hint where what training needs is not installed."""
    if missing := [name for name in PACKAGES if find_spec(name) is None]:
        typer.echo(
            f"error: {', '.join(missing)} not installed; `make setup-train` installs what training needs", err=True
        )
        raise typer.Exit(USAGE)


@app.command()
def main(
    brat: Annotated[Path, typer.Option(help="Folder of articles in brat standoff: text/*.txt, attributions/*.ann.")],
    conll: Annotated[Path, typer.Option(help="Named entities in CoNLL form.")],
    dev_brat: Annotated[Path | None, typer.Option(help="Articles to score on.")] = None,
    dev_conll: Annotated[Path | None, typer.Option(help="Entities to score on.")] = None,
    output: Annotated[Path, typer.Option(help="Where checkpoint, model and card go.")] = Path("data/training"),
    threads: Annotated[int, typer.Option(min=1, help="Processor threads.")] = 2,
    attribution_pieces: Annotated[int, typer.Option(min=1, help="Word pieces of attributions alone.")] = (
        Plan.attribution_pieces
    ),
    mixed_pieces: Annotated[int, typer.Option(min=0, help="Word pieces of attributions and entities.")] = (
        Plan.mixed_pieces
    ),
    refining_pieces: Annotated[int, typer.Option(min=0, help="Word pieces of both in the second round.")] = (
        Plan.refining_pieces
    ),
    seed: Annotated[int, typer.Option(help="Draws the order, cuts and masks.")] = Plan.seed,
) -> None:
    """Train the tagger on annotated articles; over an hour on two cores. Killed, it goes on where it stopped.

    Example: python -m flows.train_attribution --brat polnear/train --conll ner/train.txt --dev-brat polnear/dev
    """
    require_packages()
    plan = Plan(
        attribution_pieces=attribution_pieces, mixed_pieces=mixed_pieces, refining_pieces=refining_pieces, seed=seed
    )
    try:
        scores = train_attribution(
            str(brat),
            str(conll),
            str(dev_brat) if dev_brat else None,
            str(dev_conll) if dev_conll else None,
            str(output),
            plan,
            threads,
        )
    except (FileNotFoundError, ValueError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(USAGE) from error
    typer.echo(json.dumps(scores, indent=2))
    typer.echo(f"Model and card in {output}; to use the model, copy tagger.onnx to tasks/annotate/tagger/.")


if __name__ == "__main__":
    app()
