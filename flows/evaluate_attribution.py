"""How well attributions are found in annotated articles: `python -m flows.evaluate_attribution`."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import spacy
import typer

from flows.progress import show_progress
from schemas.attribution import AttributionMethod
from tasks.annotate.pipeline import load_pipeline
from tasks.annotate.quotes import find_attributions
from tasks.annotate.tagger.component import FACTORY
from tasks.annotate.tagger.model import MODEL_FILE
from tasks.train.brat import GoldArticle, first_annotators, read_brat_folder
from tasks.train.scoring import Told, score_attributions

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
USAGE = 2


@app.command()
def main(
    brat: Annotated[Path, typer.Argument(help="Folder of text/*.txt and attributions/*.ann.")],
    method: Annotated[AttributionMethod, typer.Option(help="How attributions are found.")] = "tagger",
    model: Annotated[Path, typer.Option(help="The tagger's model file.")] = MODEL_FILE,
    predictions: Annotated[Path | None, typer.Option(help="Write what is found there, an article a line.")] = None,
    scorer: Annotated[Path | None, typer.Option(help="Another scorer: SCORER eval dev PREDICTIONS.")] = None,
) -> None:
    """Find attributions in annotated articles and score them: content overlap of half, and the right source.

    Example: python -m flows.evaluate_attribution polnear/dev --method tagger --predictions found.jsonl
    """
    if not brat.is_dir():
        typer.echo(f"{brat} is not there: nothing is scored")
        return
    if method == "tagger" and not model.is_file():
        typer.echo(f"error: there is no model at {model}; train one with flows.train_attribution", err=True)
        raise typer.Exit(USAGE)
    if scorer and not predictions:
        typer.echo("error: a scorer reads a file: name one with --predictions", err=True)
        raise typer.Exit(USAGE)
    articles = first_annotators(read_brat_folder(brat))
    told = find_in(articles, make_teller(method, model))
    score = score_attributions(articles, lambda text: told[text])
    typer.echo(
        f"{method}: {score.right} of {score.true} right, {score.found} found; "
        f"precision {score.precision:.3f}, recall {score.recall:.3f}, F1 {score.f1:.3f}"
    )
    if predictions:
        write_predictions(predictions, articles, told)
    if scorer and predictions:
        raise typer.Exit(subprocess.run([sys.executable, scorer, "eval", "dev", predictions], check=False).returncode)


def make_teller(method: AttributionMethod, model: Path) -> Callable[[str], list[Told]]:
    """What finds attributions in a text: the whole of annotation, quotation marks included."""
    if method == "rules":
        nlp = load_pipeline("rules")
    else:
        nlp = spacy.blank("en")
        nlp.add_pipe(FACTORY, config={"model": str(model)})

    def tell(text: str) -> list[Told]:
        found, _ = find_attributions(nlp(text))
        return [
            Told(tuple(item.segments), (item.speaker,) if item.speaker else (), (item.cue,) if item.cue else ())
            for item in found
            # PolNeAR annotates nothing that is said within what is said.
            if "nested" not in item.flags
        ]

    return tell


def find_in(articles: list[GoldArticle], tell: Callable[[str], list[Told]]) -> dict[str, list[Told]]:
    """What is found in each text, with a progress bar."""
    told = {}
    with show_progress() as progress:
        progress.start_stage("find attributions", len(articles), "articles")
        for article in articles:
            told[article.text] = tell(article.text)
            progress.finish_batch("find attributions")
    return told


def write_predictions(path: Path, articles: list[GoldArticle], told: dict[str, list[Told]]) -> None:
    """One JSON object a line: the article's name and its quotes, each with content, source and cue as offsets."""
    lines = []
    for article in articles:
        quotes = [
            {"content": item.content, "source": item.source or None, "cue": item.cue or None}
            for item in told[article.text]
        ]
        lines.append(json.dumps({"article": article.name, "quotes": quotes}) + "\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    app()
