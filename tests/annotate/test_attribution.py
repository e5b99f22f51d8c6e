import spacy

from tasks.annotate.attribution import read_text, text_of

TEXT = " “Mara  Lind”\n\n\tsaid:\u00a0so. "


def test_read_text_gives_a_doc_that_knows_its_text():
    doc = read_text(spacy.blank("en"), TEXT)
    assert text_of(doc) is TEXT
    assert doc.text == TEXT


def test_read_text_runs_the_pipeline():
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    assert len(list(read_text(nlp, "Mara left. Lind stayed.").sents)) == 2
