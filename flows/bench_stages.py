"""What the bench measures: the stages of language work, and yardsticks of the machine."""

from collections.abc import Sequence

from flows.bench_measure import Pass, Stage
from schemas.runs import Document
from tasks.clean.batch import clean_documents

# Of stages that read a few documents a second.
SLOW_DOCUMENTS = 40


def prepare_clean(documents: Sequence[Document]) -> Pass:
    """The pass that cleans the documents."""
    return lambda: clean_documents(documents)


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


def prepare_link(documents: Sequence[Document]) -> Pass:
    """The pass that groups as many made-up articles into stories as there are documents.

    The documents' own texts do not serve: made of few sentences, they would all tell one story.
    """
    import pandas as pd

    from flows.bench_stories import make_stories
    from tasks.link.article_index import join_indexes
    from tasks.link.stories import count_articles, group_stories

    frames = list(make_stories(len(documents)))
    articles = pd.concat([frame.drop(columns="text") for frame in frames], ignore_index=True)

    def link() -> list[str]:
        index = join_indexes([count_articles(frame) for frame in frames])
        return group_stories(articles, index).stories["story_id"].tolist()

    return link


STAGES = {
    stage.name: stage
    for stage in (
        Stage(name="tokenize", prepare=prepare_tokenize, package="spacy", parts={}),
        Stage(name="entities", prepare=prepare_entities, package="spacy", parts={}, limit=SLOW_DOCUMENTS),
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
        Stage(name="link", prepare=prepare_link, package="tasks.link", parts={}),
    )
}
