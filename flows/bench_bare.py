"""Yardsticks of the whole pipeline: the language models alone, and the language work as bare function calls.

`python -m flows.bench_bare models|work METHOD WAREHOUSE` reads what a warehouse holds and writes nothing.
"""

import sys
from pathlib import Path
from typing import cast

import pyarrow.parquet as pq

from schemas.attribution import AttributionMethod
from schemas.runs import Document
from schemas.warehouse import Warehouse


def read_all(warehouse: Path, attribution: AttributionMethod) -> int:
    """How many English articles the model read; nothing is made of what it found."""
    from tasks.annotate.pipeline import load_pipeline

    nlp = load_pipeline(attribution)
    count = 0
    for path in Warehouse(warehouse).table_files("articles"):
        articles = pq.read_table(path, columns=["text", "language"], partitioning=None)
        for text, language in zip(articles["text"].to_pylist(), articles["language"].to_pylist(), strict=True):
            if language == "en":
                nlp(text)
                count += 1
    return count


def work_on_all(warehouse: Path, attribution: AttributionMethod) -> int:
    """How many quotations the language work finds: documents cleaned, annotated and resolved, row by row in memory.

    Lines that recur in an outlet are not looked for, which are counted over all documents.
    """
    from tasks.annotate.batch import ANNOTATED_LANGUAGE, annotate_article
    from tasks.annotate.pipeline import load_pipeline
    from tasks.clean.batch import clean_documents
    from tasks.resolve.clusters import local_entity_row
    from tasks.resolve.entities_in_article import cluster_mentions
    from tasks.resolve.people_in_article import read_caption_titles
    from tasks.resolve.speakers import resolve_speakers

    nlp = load_pipeline(attribution)
    count = 0
    for path in Warehouse(warehouse).table_files("documents"):
        documents = [Document(**row) for row in pq.read_table(path, partitioning=None).to_pylist()]
        for result in clean_documents(documents):
            article = result.article
            if article is None or article.language != ANNOTATED_LANGUAGE:
                continue
            mentions, quotes, _ = annotate_article(nlp, article)
            clusters = cluster_mentions(mentions, article.text, article.article_id)
            people = [cluster for cluster in clusters if cluster.label == "PERSON"]
            for caption in result.captions:
                read_caption_titles(people, caption.text or "")
            resolve_speakers(quotes, clusters, article.text)
            count += len(quotes)
            for cluster in clusters:
                local_entity_row(cluster, article.article_id)
    return count


YARDSTICKS = {"models": read_all, "work": work_on_all}

if __name__ == "__main__":
    YARDSTICKS[sys.argv[1]](Path(sys.argv[3]), cast(AttributionMethod, sys.argv[2]))
