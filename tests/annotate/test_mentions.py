import re
from itertools import pairwise

import pytest
import spacy
from spacy.util import filter_spans

from tasks.annotate.mentions import find_mentions

CASES = {
    "title stays outside": ("Mr Peter Holm met Ms Anna Berg in Oslo.", {"Peter Holm": "PERSON", "Anna Berg": "PERSON"}),
    "a form of address makes a person": ("Dame Ruth Calvary warned both sides.", {"Ruth Calvary": "PERSON"}),
    "possessive is cut": ("Anna Berg's lawyer called.", {"Anna Berg": "PERSON"}),
    "surname is a person everywhere": (
        "Anna Torrance spoke on Monday. Torrance was calm. Later, Torrance left for Berlin.",
        {"Anna Torrance": "PERSON", "Torrance": "PERSON"},
    ),
    "a small word glued to a name is cut": ("She met Henrik LindwallWho was late.", {"Henrik Lindwall": "PERSON"}),
    "glued word is cut": (
        "He met Anna BergerChairman of the board. Berger said no.",
        {"Anna Berger": "PERSON", "Berger": "PERSON"},
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_find_mentions_repairs_names(nlp, text, expected):
    found = {mention.text: mention.label for mention in find_mentions(nlp(text), "0" * 16)}
    assert expected.items() <= found.items()


def test_find_mentions_offsets_point_at_the_text(nlp):
    text = "“Nato will act,” Anna Berg's deputy told the BBC in Oslo on Friday.\n\nBerg was not there."
    mentions = find_mentions(nlp(text), "0" * 16)
    assert [text[mention.start_char : mention.end_char] for mention in mentions] == [item.text for item in mentions]
    assert all(one.end_char <= other.start_char for one, other in pairwise(mentions))


def test_find_mentions_gives_one_label_to_one_name(nlp):
    text = "Anna Torrance spoke. Torrance said no. The Torrance plan failed. Torrance is in Ohio."
    labels = {item.label for item in find_mentions(nlp(text), "0" * 16) if item.text.endswith("Torrance")}
    assert labels == {"PERSON"}


def read_conll(text, **labels):
    doc = spacy.blank("en")(text)
    spans = [
        doc.char_span(*match.span(), label=label, alignment_mode="expand")
        for name, label in labels.items()
        for match in re.finditer(re.escape(name.replace("_", " ")), text)
    ]
    doc.ents = filter_spans(spans)
    return {item.text: item.label for item in find_mentions(doc, "0" * 16)}


def test_find_mentions_reads_conll_labels():
    found = read_conll("Anna Berg met Germans of Kelm AG in Kelm.", Anna_Berg="PER", Germans="MISC", Kelm_AG="ORG")
    assert found == {"Anna Berg": "PERSON", "Germans": "GROUP", "Kelm AG": "ORG"}


def test_find_mentions_drops_events_and_works():
    assert read_conll("The Harvest Cup was won by Kelm.", Harvest_Cup="MISC", Kelm="ORG") == {"Kelm": "ORG"}


SETTLED = {
    "code at an exchange": ("Kelm AG (KLM.N) met.", {"Kelm AG": "ORG", "KLM.N": "ORG"}, {"Kelm AG": "ORG"}),
    "state": ("They left Ohio.", {"Ohio": "PER"}, {"Ohio": "PLACE"}),
    "dateline": (
        "KELM, Maine (Wire) - It rained.",
        {"KELM": "PER", "Maine": "LOC"},
        {"KELM": "PLACE", "Maine": "PLACE"},
    ),
    "called by the surname": (
        "Lorn Okello: It rains. Okello was calm.",
        {"Lorn Okello": "ORG", "Okello": "PER"},
        {"Lorn Okello": "PERSON", "Okello": "PERSON"},
    ),
    "question joined to the surname": (
        "Will Berg resign? Anna Berg says no. Berg stays.",
        {"Will Berg": "PER", "Anna Berg": "PER", "Berg": "PER"},
        {"Berg": "PERSON", "Anna Berg": "PERSON"},
    ),
    "what somebody owns": ("Mrs Anna Berg's Kelm is wet.", {"Anna Berg's Kelm": "PER"}, {"Anna Berg": "PERSON"}),
    "office of the next name": (
        "So says Vermont Sen. Anna Berg.",
        {"Vermont Sen": "PER", "Anna Berg": "PER"},
        {"Vermont": "PLACE", "Anna Berg": "PERSON"},
    ),
    "words of a title": (
        "New Harbour Plan Fails\nThe harbour has a new plan. Kelm AG left.",
        {"New Harbour Plan": "ORG", "Kelm AG": "ORG"},
        {"Kelm AG": "ORG"},
    ),
    "opening word in a title": (
        "This Harbour News Panel Fails\nThe panel told news of the harbour. Kelm AG left.",
        {"This Harbour News Panel": "ORG", "Kelm AG": "ORG"},
        {"Kelm AG": "ORG"},
    ),
    "most of a place": ("Most Of Kelm Is Wet\nIt rains.", {"Most Of Kelm": "ORG"}, {"Kelm": "ORG"}),
    "small word in capitals": ("We are wet, said a shirt of Kelm.", {"We": "ORG", "Kelm": "LOC"}, {"Kelm": "PLACE"}),
    "a family": (
        "Anna Berg sold it. The Bergs left.",
        {"Anna Berg": "PER", "Bergs": "PER"},
        {"Anna Berg": "PERSON"},
    ),
    "surname of a people": (
        "Anna German plays. German wins.",
        {"Anna German": "PER", "German": "MISC"},
        {"Anna German": "PERSON", "German": "PERSON"},
    ),
    "first name and initial": (
        "Anna B. Berg left. Berg Bank stays.",
        {"Anna B. Berg": "ORG", "Berg Bank": "ORG"},
        {"Anna B. Berg": "PERSON", "Berg Bank": "ORG"},
    ),
    "Arabic article": ("Sami al-Darwi left.", {"Sami al-Darwi": "PER"}, {"Sami al-Darwi": "PERSON"}),
    "two places that lost what parted them": (
        "The border of Russia Ukraine is long.",
        {"Russia Ukraine": "LOC"},
        {"Russia": "PLACE", "Ukraine": "PLACE"},
    ),
    "agency behind a dateline": (
        "KELM (AP) — It rained. WE HAD AP AND RAIN.",
        {"KELM": "LOC"},
        {"KELM": "PLACE", "AP": "ORG"},
    ),
    "adjective of a party": (
        "A Republican mayor of the Republican Kelm Club left.",
        {"Kelm Club": "ORG"},
        {"Republican": "GROUP", "Kelm Club": "ORG"},
    ),
    "beauty queen": (
        "The former Miss Universe Anna Berg left. Miss Universe is a crown.",
        {"Universe Anna Berg": "PER", "Miss Universe": "PER"},
        {"Anna Berg": "PERSON"},
    ),
    "office before an office": (
        "Vice President Anna Berg left.",
        {"Vice": "PER", "Anna Berg": "PER"},
        {"Anna Berg": "PERSON"},
    ),
    "party's follower before a name": (
        "The Democrat Anna Berg met Libertarian Ole Ness.",
        {"Anna Berg": "PER", "Ole Ness": "PER"},
        {"Democrat": "GROUP", "Anna Berg": "PERSON", "Libertarian": "GROUP", "Ole Ness": "PERSON"},
    ),
    "first name alone": (
        "Anna Berg left. What Anna wants is rain.",
        {"Anna Berg": "PER"},
        {"Anna Berg": "PERSON", "Anna": "PERSON"},
    ),
    "place in a word": ("The Brussels-based Kelm AG met.", {"Kelm AG": "ORG"}, {"Brussels": "PLACE", "Kelm AG": "ORG"}),
    "the West": (
        "The West met Kelm AG in the West Wing and on the West Bank.",
        {"Kelm AG": "ORG"},
        {"West": "PLACE", "Kelm AG": "ORG"},
    ),
    "brand": (
        "PolitiFact says it rains. Kelm McRae left.",
        {"PolitiFact": "PER", "Kelm McRae": "PER"},
        {"PolitiFact": "ORG", "Kelm McRae": "PERSON"},
    ),
    "person taken for a place": ("A statue of Peter Ness fell.", {"Peter Ness": "LOC"}, {"Peter Ness": "PERSON"}),
    "person taken for an organisation": (
        "The co-host Peter Ness left. Peter Ness is wet.",
        {"Peter Ness": "ORG"},
        {"Peter Ness": "PERSON"},
    ),
    "misprinted possessive": ("Anna Berg‘s boat sank.", {"Anna Berg‘s": "PER"}, {"Anna Berg": "PERSON"}),
    "open bracket": ("They met Kelm ( in May.", {"Kelm (": "ORG"}, {"Kelm": "ORG"}),
}


@pytest.mark.parametrize(("text", "labels", "expected"), SETTLED.values(), ids=SETTLED.keys())
def test_find_mentions_settles_what_a_name_is(text, labels, expected):
    doc = spacy.blank("en")(text)
    spans = [
        doc.char_span(match.start(), match.end(), label=label, alignment_mode="expand")
        for name, label in labels.items()
        for match in re.finditer(re.escape(name), text)
    ]
    doc.ents = filter_spans([span for span in spans if span is not None])
    assert {item.text: item.label for item in find_mentions(doc, "0" * 16)} == expected


WIDENED = {
    "first name of two": ("Jo-Renee Formicola spoke.", {"Jo": "PER", "Formicola": "PER"}, {"Jo-Renee Formicola"}),
    "first name missed": ("On Monday Bill O'Dowd spoke.", {"O'Dowd": "PER"}, {"Bill O'Dowd"}),
    "nickname between the names": (
        'Jan "Nini" Berg left.',
        {"Jan": "PER", "Nini": "PER", "Berg": "PER"},
        {'Jan "Nini" Berg'},
    ),
    "party": ("A Democratic Party aide left.", {"Democratic": "MISC"}, {"Democratic Party"}),
    "people of two words": ("Asian Americans left.", {"Asian": "MISC", "Americans": "MISC"}, {"Asian Americans"}),
    "university": ("They met at Kelm University.", {"Kelm": "ORG"}, {"Kelm University"}),
    "well-known name": ("She told Fox News so.", {"Fox": "ORG"}, {"Fox News"}),
    "full name missed": ("Donald Marsh left. Later Marsh rang.", {"Marsh": "PER"}, {"Donald Marsh", "Marsh"}),
}


@pytest.mark.parametrize(("text", "labels", "expected"), WIDENED.values(), ids=WIDENED.keys())
def test_find_mentions_widens_what_was_found_in_part(text, labels, expected):
    assert set(read_conll(text, **labels)) == expected


NO_PARTS = {
    "office behind a body": ("The House Speaker Ada Cole left.", {"House_Speaker": "ORG"}, {"House": "ORG"}),
    "office behind a state": ("It was Ohio Rep Ada Cole.", {"Ohio_Rep": "ORG"}, {"Ohio": "PLACE"}),
    "person behind an office's field": (
        "It was Secretary of Trade Anna Cole.",
        {"Trade_Anna_Cole": "ORG"},
        {"Anna Cole": "PERSON"},
    ),
    "half a bracket": ("He left Kelm Bank (KB today.", {"Kelm_Bank_(KB": "ORG"}, {"Kelm Bank": "ORG"}),
    "what a place is joined to": ("He met U.S.-backed rebels.", {"U.S.-backed": "LOC"}, {"U.S.": "PLACE"}),
    "state within a sentence": ("In Ashby, Pa., it rained.", {"Pa": "LOC"}, {"Pa.": "PLACE"}),
    "nickname behind an initial": (
        'Robert C. "Bobby" Lind left.',
        {"Robert_C.": "PER", "Lind": "PER"},
        {'Robert C. "Bobby" Lind': "PERSON"},
    ),
    "particle": ("It was Otto von Kelm there.", {"Otto": "PER"}, {"Otto von Kelm": "PERSON"}),
    "party before an office": ("The Republican Senator left.", {}, {"Republican": "GROUP"}),
    "two peoples": ("The Rohingya Muslim minority left.", {}, {"Rohingya": "GROUP", "Muslim": "GROUP"}),
    "body and place of an envoy": (
        "The U.N. Syria envoy left.",
        {"U.N._Syria": "ORG"},
        {"U.N.": "ORG", "Syria": "PLACE"},
    ),
    "company in full": (
        "We met Brennick Media, and Brennick said so.",
        {"Brennick_Media": "ORG", "Brennick_said": "PER"},
        {"Brennick Media": "ORG", "Brennick": "ORG"},
    ),
    "turns of a transcript": ("LINDT: It rained.\nAnd so.\nLINDT: It froze.", {"LINDT": "ORG"}, {"LINDT": "PERSON"}),
    "word of a headline": (
        "Top Lind adviser left.\n\nAda Lind was there.",
        {"Top_Lind": "PER", "Ada_Lind": "PER"},
        {"Lind": "PERSON", "Ada Lind": "PERSON"},
    ),
    "state at its end": ("It rained in Ashby, Pa. Later it froze.", {"Pa": "LOC"}, {"Pa": "PLACE"}),
}


@pytest.mark.parametrize(("text", "found", "expected"), NO_PARTS.values(), ids=NO_PARTS.keys())
def test_find_mentions_cuts_what_is_no_part_of_a_name(text, found, expected):
    assert expected.items() <= read_conll(text, **found).items()
    assert not {name.replace("_", " ") for name in found} - expected.keys() & read_conll(text, **found).keys()


def test_find_mentions_leads_the_article_of_a_surname_to_its_person():
    found = read_conll("Nabil al-Hamad left. Forces of Hamad won.", **{"Nabil al-Hamad": "PER", "Hamad won": "ORG"})
    assert found["Hamad"] == "PERSON"
