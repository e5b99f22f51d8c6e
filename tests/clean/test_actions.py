"""What becomes of what a rule takes: those for furniture drop it, those for damage mend or flag it."""

import html

import pytest

from tasks.clean.furniture.rules import load_rules
from tasks.clean.mending.rules import load_mendings
from tests.clean.made_up_documents import BODY, PROSE, clean_document, make_document

HEADLINE = "Council keeps the old pier open for another year"
FIELDS = ("title", "subtitle", "byline", "outlet_name", "section", "dateline")
# Tags go before any rule is asked; these are for tags that were escaped once too often.
FOR_ESCAPED_TAGS = {"escaped_comment", "escaped_element"}


def place(rule, example):
    """A text with the example where the rule may take it."""
    if rule.name in FOR_ESCAPED_TAGS:
        example = html.escape(example)
    if rule.where == "head":
        return "\n\n".join([example, HEADLINE, BODY])
    return "\n\n".join([BODY, example] if rule.where == "tail" else [PROSE[0], example, *PROSE[1:]])


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.name)
def test_rule_for_furniture_drops_what_it_takes_and_fills_no_field(rule):
    taken = []
    for example in rule.matches:
        result = clean_document(make_document(place(rule, example)))
        assert result.article is not None
        spans = [span for span in result.removed_spans if span.rule_name == rule.name]
        kept = [getattr(result.article, name) for name in FIELDS]
        kept += [text for caption in result.captions for text in (caption.text, caption.credit)]
        assert not [(span.text, text) for span in spans for text in kept if text and text in span.text]
        assert not {span.text for span in spans} & {*result.article.text.split("\n\n")}
        taken += spans
    assert taken
    assert {span.category for span in taken} <= {rule.category}


@pytest.mark.parametrize("mending", load_mendings().values(), ids=lambda mending: mending.name)
def test_mending_is_applied_where_it_is_certain_and_flagged_where_it_is_not(mending):
    examples = [text for text, *_ in (*mending.mends, *mending.flags)]
    places = [f"{PROSE[0]}{gap}{text}{gap}{PROSE[3]}" for text in examples for gap in ("\n\n", " ")]
    results = [clean_document(make_document(text)) for text in places]
    own = [row for result in results for row in result.repairs if row.rule_name == mending.name]
    # A break of lines becomes one with the white space around it.
    assert own or mending.category == "whitespace"
    assert {row.is_applied for row in own} <= {mending.certain}
