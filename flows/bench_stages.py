"""What the bench measures: the stages of language work, and yardsticks of the machine."""

from collections.abc import Sequence

from flows.bench_measure import Pass, Stage
from schemas.runs import Document
from tasks.clean.batch import clean_documents

# Of stages that read a few documents a second.
SLOW_DOCUMENTS = 40
# Of those whose tables the tagger has to make first.
TAGGED_DOCUMENTS = 100


def prepare_clean(documents: Sequence[Document]) -> Pass:
    """The pass that cleans the documents."""
    return lambda: (result for call in (clean_documents,) for result in call(documents))


def prepare_tokenize(documents: Sequence[Document]) -> Pass:
    """The pass that cuts the documents into tokens with spaCy's bare English pipeline: a yardstick of the machine."""
    import spacy

    nlp = spacy.blank("en")
    return lambda: nlp.pipe([document.raw_text for document in documents])


def prepare_entities(documents: Sequence[Document]) -> Pass:
    """The pass that finds names with spaCy's small model, all its other parts left out: a yardstick of the tagger."""
    import spacy

    from tasks.annotate.pipeline import MODEL

    nlp = spacy.load(MODEL, exclude=["tok2vec", "tagger", "parser", "lemmatizer", "attribute_ruler"])
    return lambda: nlp.pipe([document.raw_text for document in documents])


def prepare_annotate(documents: Sequence[Document]) -> Pass:
    """The pass that annotates the articles among the documents, by the tagger."""
    from tasks.annotate.batch import annotate_article
    from tasks.annotate.pipeline import load_pipeline

    articles = [result.article for result in clean_documents(documents) if result.article is not None]
    nlp = load_pipeline("tagger")
    return lambda: (annotate_article(nlp, article) for article in articles)


STAGES = {
    stage.name: stage
    for stage in (
        Stage(name="tokenize", prepare=prepare_tokenize, package="spacy"),
        Stage(name="entities", prepare=prepare_entities, package="spacy", limit=SLOW_DOCUMENTS),
        Stage(name="ingest", package="tasks.ingest"),
        Stage(name="lines", package="tasks.clean"),
        Stage(
            name="clean",
            prepare=prepare_clean,
            package="tasks.clean",
            parts={
                "fields.language.identify_language": "language identification",
                "furniture.rules.RuleSet.choose": "literal pre-check",
                "furniture.rules.RuleSet.choose_for_all": "literal pre-check",
                "furniture.rules.find_line_rule": "rules",
                "furniture.rules.take_whole": "rules",
                "furniture.rules.take_parts": "rules",
                "mending.mendings.find_mendings": "mending",
                "furniture.captions.find_captions": "captions",
                "furniture.pull_quotes.find_pull_quotes": "pull quotes",
                "fields.head.read_head": "head",
                "furniture.tail.read_tail": "tail",
                "pages.page.read_page": "reading HTML",
                "mending.whitespace.make_whitespace_regular": "white space",
                "lines.split_lines": "splitting lines",
                "lines.count_words": "counting words",
                "edits.edits_to_rows": "rows",
            },
        ),
        Stage(
            name="annotate",
            prepare=prepare_annotate,
            package="tasks.annotate",
            limit=SLOW_DOCUMENTS,
            parts={
                "tagger.model.Model._run": "encoder",
                "tagger.pieces.PieceReader.read": "word pieces",
                "tagger.spans.find_spans": "tags to spans",
                "tagger.decode.find_attributions": "linking",
                "quotes.find_quotes": "quotations",
                "mentions.find_mentions": "mentions",
                "figures.find_figures": "figures",
                "batch.annotate_article": "tokens",
            },
        ),
        Stage(name="resolve", package="tasks.resolve", limit=TAGGED_DOCUMENTS),
        Stage(name="gather", package="tasks.gather", limit=TAGGED_DOCUMENTS),
        Stage(name="stories", package="tasks.link", limit=TAGGED_DOCUMENTS),
        Stage(name="people", package="tasks.resolve", limit=TAGGED_DOCUMENTS),
        Stage(name="utterances", package="tasks.link", limit=TAGGED_DOCUMENTS),
        Stage(name="validate", package="tasks.validate", limit=TAGGED_DOCUMENTS),
        Stage(name="pages", package="tasks.publish", limit=TAGGED_DOCUMENTS),
        Stage(name="publish", package="tasks.publish", limit=TAGGED_DOCUMENTS),
    )
}
