"""The tagger as a spaCy component: `nlp.add_pipe("attribution_tagger")` after `spacy.blank("en")`."""

from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from tasks.annotate.attribution import text_of
from tasks.annotate.quote_marks import with_common_marks
from tasks.annotate.tagger.decode import find_attributions
from tasks.annotate.tagger.entities import find_entities
from tasks.annotate.tagger.labels import CONFIDENCES, SPANS_KEY
from tasks.annotate.tagger.model import MODEL_FILE, Model, Reading, load_model
from tasks.annotate.tagger.spans import Span as PieceSpan

FACTORY = "attribution_tagger"
MODEL_IN_PIPELINE = "tagger.onnx"


class AttributionTagger:
    """Sets `doc.spans["attributions"]` and `doc.ents`.

    The spans are labelled content, cue and source; those of one attribution carry its number, counted from 1, as
    `span.id`, and cues and sources of none carry 0. A source that speaks twice stands there twice.
    `doc.user_data["attribution_confidences"]` holds one number between 0 and 1 for each attribution: how often such
    an attribution was right in the texts that the model was scored on. Entities are labelled PER, ORG, LOC and MISC.
    """

    def __init__(self, model: Model) -> None:
        self.model = model

    def __call__(self, doc: Doc) -> Doc:
        """The doc with its attributions and entities."""
        text = text_of(doc)
        reading = self.model.read(with_common_marks(text))
        tagged = find_attributions(reading)
        spans = [_to_doc(doc, reading, part) for part in tagged.unlinked]
        for number, attribution in enumerate(tagged.attributions, start=1):
            spans += [_to_doc(doc, reading, part, span_id=number) for part in attribution.parts]
        doc.spans[SPANS_KEY] = spans
        doc.user_data[CONFIDENCES] = [self.model.calibrate(item.confidence) for item in tagged.attributions]
        doc.ents = filter_spans([_to_doc(doc, reading, span) for span in find_entities(reading, text)])
        return doc

    def to_bytes(self, **_: object) -> bytes:
        """The model file's content."""
        return self.model.content

    def from_bytes(self, content: bytes, **_: object) -> "AttributionTagger":
        """This component, with the model that the bytes hold."""
        self.model = Model(content)
        return self

    def to_disk(self, path: str | Path, **_: object) -> None:
        """Write the model file into the folder `path`."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MODEL_IN_PIPELINE).write_bytes(self.model.content)

    def from_disk(self, path: str | Path, **_: object) -> "AttributionTagger":
        """This component, with the model of the folder `path`."""
        return self.from_bytes((Path(path) / MODEL_IN_PIPELINE).read_bytes())


@Language.factory(
    FACTORY,
    default_config={"model": None},
    assigns=["doc.spans", "doc.ents"],
)
def make_attribution_tagger(nlp: Language, name: str, model: str | None) -> AttributionTagger:
    """The component with the model file at `model`, or with the one that comes with it."""
    return AttributionTagger(load_model(Path(model) if model else MODEL_FILE))


def _to_doc(doc: Doc, reading: Reading, span: PieceSpan, span_id: int = 0) -> Span:
    start, end = reading.characters(span.first, span.last)
    found = doc.char_span(start, end, label=span.label, alignment_mode="expand", span_id=span_id)
    assert found is not None
    return found
