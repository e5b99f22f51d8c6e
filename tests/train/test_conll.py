from random import Random

import pytest

from tasks.train.conll import (
    collect_names,
    is_all_capitals,
    read_conll_documents,
    read_tags,
    swap_names,
    write_as_text,
)

FILE = """-DOCSTART- -X- -X- O

FERRY NN I-NP O
LATE JJ I-NP O
AGAIN RB I-NP O

" `` O O
We PRP I-NP O
won VBD I-VP O
, , O O
" '' O O
Mara NNP I-NP I-PER
Lind NNP I-NP I-PER
of IN O O
Port NNP I-NP I-ORG
Board NNP I-NP I-ORG
's POS O O
staff NN O O
( ( O O
said VBD O O
) ) O O
. . O O
"""


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "ner.txt"
    path.write_text(FILE, "utf-8")
    (document,) = read_conll_documents(path)
    return document


def test_write_as_text_puts_tokens_together_as_printed(document):
    gold = write_as_text("x", document)
    assert gold.text == 'FERRY LATE AGAIN\n"We won," Mara Lind of Port Board\'s staff (said).'
    assert [(gold.text[start:end], label) for start, end, label in gold.entities] == [
        ("Mara Lind", "PER"),
        ("Port Board", "ORG"),
    ]


def test_write_as_text_varies_by_its_draws_and_keeps_the_offsets(document):
    written = {write_as_text("x", document, Random(seed)) for seed in range(30)}
    texts = {gold.text for gold in written}
    assert any("Ferry Late Again" in text for text in texts)
    assert any("“We won,” Mara" in text for text in texts)
    assert any("\n" not in text for text in texts)
    for gold in written:
        assert {gold.text[start:end] for start, end, _ in gold.entities} == {"Mara Lind", "Port Board"}


TAGS = {
    "IOB1, two of one label": (["I-PER", "I-PER", "B-PER", "O"], [(0, 1, "PER"), (2, 2, "PER")]),
    "BIO": (["B-LOC", "O", "B-ORG", "I-ORG"], [(0, 0, "LOC"), (2, 3, "ORG")]),
    "a change of label": (["I-LOC", "I-ORG"], [(0, 0, "LOC"), (1, 1, "ORG")]),
    "none": (["O", "O"], []),
}


@pytest.mark.parametrize(("tags", "expected"), TAGS.values(), ids=TAGS.keys())
def test_read_tags_gives_first_and_last_token(tags, expected):
    assert list(read_tags(tags)) == expected


def test_swap_names_puts_others_of_the_label_in_their_place(document):
    names = {"PER": [["Ines", "de", "Vos"]], "ORG": [["Harbour", "Union"], ["Port", "Board"]]}
    texts, found = set(), set()
    for seed in range(30):
        gold = write_as_text("x", swap_names(document, names, Random(seed)))
        texts.add(gold.text)
        found |= {(gold.text[start:end], label) for start, end, label in gold.entities}
    assert found == {("Mara Lind", "PER"), ("Ines de Vos", "PER"), ("Port Board", "ORG"), ("Harbour Union", "ORG")}
    assert 'FERRY LATE AGAIN\n"We won," Ines de Vos of Harbour Union\'s staff (said).' in texts
    assert 'FERRY LATE AGAIN\n"We won," Mara Lind of Port Board\'s staff (said).' in texts
    assert len(texts) == 4


def test_swap_names_leaves_a_name_of_which_there_is_no_other_and_writes_headlines_in_capitals():
    headline = [[("MAYOR", "O"), ("LIND", "I-PER"), ("VISITS", "O"), ("OSLO", "I-LOC")]]
    swapped = {
        " ".join(word for word, _ in swap_names(headline, {"PER": [["Anna", "Berg"]]}, Random(seed))[0])
        for seed in range(20)
    }
    assert swapped == {"MAYOR LIND VISITS OSLO", "MAYOR ANNA BERG VISITS OSLO"}
    tags = {tuple(tag for _, tag in swap_names(headline, {"PER": [["Anna", "Berg"]]}, Random(s))[0]) for s in range(20)}
    assert ("O", "B-PER", "I-PER", "O", "I-LOC") in tags


def test_collect_names_reads_no_headlines_in_capitals(document):
    headline = [("MAYOR", "O"), ("LIND", "I-PER"), ("RESIGNS", "O")]
    assert collect_names([document, [headline]]) == {"PER": [["Mara", "Lind"]], "ORG": [["Port", "Board"]]}


def test_is_all_capitals_asks_for_letters():
    assert is_all_capitals(["FERRY", "LATE", "1-0"])
    assert not is_all_capitals(["1-0", "A"])
    assert not is_all_capitals(["Ferry", "LATE"])


def test_read_conll_documents_refuses_a_file_without_tokens(tmp_path):
    (tmp_path / "empty.txt").write_text("\n\n", "utf-8")
    with pytest.raises(ValueError, match="holds no sentences"):
        read_conll_documents(tmp_path / "empty.txt")
