"""One batch of articles annotated, from file to file."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from spacy.language import Language

from schemas import Article, EntityMention, Figure, Quarantine, Quote
from schemas.attribution import AttributionMethod
from schemas.parquet import read_rows, write_rows
from schemas.warehouse import whole_folder
from tasks.annotate.attribution import read_text
from tasks.annotate.figures import find_figures
from tasks.annotate.mentions import find_mentions
from tasks.annotate.pipeline import load_pipeline
from tasks.annotate.quotes import find_quotes
from tasks.quarantine import refuse

ANNOTATED_LANGUAGE = "en"
# Numbers are held for each word: texts beyond this are no articles, and one could take a worker's memory.
MAXIMUM_CHARACTERS = 200_000
# spaCy's tokenizer takes marks off a word's end one by one, looking at all of it for each.
MAXIMUM_WORD_CHARACTERS = 2_000


@dataclass
class Annotated:
    """What annotation made of a batch."""

    mentions: list[EntityMention] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    refusals: list[Quarantine] = field(default_factory=list)


def annotate_batch_files(clean_folder: Path, folder: Path, attribution: AttributionMethod) -> tuple[int, int]:
    """Writes entity_mentions, quotes, figures and quarantine of a batch; articles annotated and quotes come back.

    Articles in another language than English are left without annotation. So are those over MAXIMUM_CHARACTERS,
    those with a word over MAXIMUM_WORD_CHARACTERS and those whose annotation fails, with a quarantine row that says so.
    """
    articles = [item for item in read_rows(Article, clean_folder) if item.language == ANNOTATED_LANGUAGE]
    done = Annotated()
    nlp = load_pipeline(attribution)
    for article in articles:
        if excess := _find_excess(article.text):
            done.refusals.append(_refuse(article, "text_fits", *excess))
            continue
        try:
            mentions, quotes, figures = annotate_article(nlp, article)
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
            done.refusals.append(_refuse(article, "annotation_error", message, "a text that annotation can read"))
            continue
        done.mentions += mentions
        done.quotes += quotes
        done.figures += figures
    with whole_folder(folder) as draft:
        write_rows(done.mentions, EntityMention, draft)
        write_rows(done.quotes, Quote, draft)
        write_rows(done.figures, Figure, draft)
        write_rows(done.refusals, Quarantine, draft)
    return len(articles) - len(done.refusals), len(done.quotes)


def _find_excess(text: str) -> tuple[str, str] | None:
    """What of the text is too long to be annotated, and what it may be; None where nothing is."""
    if len(text) > MAXIMUM_CHARACTERS:
        return f"{len(text)} characters", f"at most {MAXIMUM_CHARACTERS} characters"
    longest = max(map(len, text.split()), default=0)
    if longest > MAXIMUM_WORD_CHARACTERS:
        return f"a word of {longest} characters", f"words of at most {MAXIMUM_WORD_CHARACTERS} characters"
    return None


def annotate_article(nlp: Language, article: Article) -> tuple[list[EntityMention], list[Quote], list[Figure]]:
    """Mentions, quotations and figures of one article, each in the order of its text."""
    doc = read_text(nlp, article.text)
    return (
        find_mentions(doc, article.article_id),
        find_quotes(doc, article.article_id),
        find_figures(doc, article.article_id),
    )


def _refuse(article: Article, check: str, observed: str, expected: str) -> Quarantine:
    # The article stays; what is refused are the quotations it might have had.
    return refuse(
        stage="annotate",
        check=check,
        observed=observed,
        expected=expected,
        refused_at=datetime.now(UTC),
        document_id=article.document_id,
        table_name="quotes",
        row_key=article.article_id,
    )
