"""One batch of articles annotated, from file to file."""

from pathlib import Path

from schemas import Article, EntityMention, Figure, Quote
from schemas.parquet import read_rows, write_rows
from schemas.warehouse import whole_folder
from tasks.annotate.figures import find_figures
from tasks.annotate.mentions import find_mentions
from tasks.annotate.pipeline import load_pipeline
from tasks.annotate.quotes import find_quotes

ANNOTATED_LANGUAGE = "en"
# A parser's memory grows with the text: about 1 GB for 100 000 tokens.
MAXIMUM_CHARACTERS = 200_000


def annotate_batch_files(clean_folder: Path, folder: Path) -> tuple[int, int]:
    """Writes entity_mentions, quotes and figures of a batch into `folder`; articles in and quotes out come back.

    Articles in another language than English, and those over MAXIMUM_CHARACTERS, are left without annotation.
    """
    articles = read_rows(Article, clean_folder)
    chosen = [item for item in articles if item.language == ANNOTATED_LANGUAGE and len(item.text) <= MAXIMUM_CHARACTERS]
    mentions: list[EntityMention] = []
    quotes: list[Quote] = []
    figures: list[Figure] = []
    for article, doc in zip(chosen, load_pipeline().pipe((item.text for item in chosen), batch_size=8), strict=True):
        mentions += find_mentions(doc, article.article_id)
        quotes += find_quotes(doc, article.article_id)
        figures += find_figures(doc, article.article_id)
    with whole_folder(folder) as draft:
        write_rows(mentions, EntityMention, draft)
        write_rows(quotes, Quote, draft)
        write_rows(figures, Figure, draft)
    return len(chosen), len(quotes)
