import pytest

from tasks.ingest.encoding import Unreadable, decode, find_declared_charset, keep_text, name_binary

SENTENCE = "“We are not leaving,” said Ines Calder — it’s a start. The café at the quay stayed open. " * 3
PRICES = "The ferry sails on Friday from the old quay, and the harbour office pays for it. " * 8 + "It cost £50m."
POLISH = "Prom odpłynie w piątek rano, powiedział kapitan portu; bilety będą tańsze niż w zeszłym roku. " * 6
CYRILLIC = "Министр сообщил, что переговоры прошли хорошо и будут продолжены завтра. " * 4
QUOTED = "“It’s late” — again — he’d said: “It’ll cost £5…” " * 4
JAPANESE = "市長は金曜日にフェリーが春に再開すると述べた。" * 8
SCRIPT = "<script>" + "if (a < b) { track('x'); }\n" * 400 + "</script><style>p { margin: 0 }</style>"


@pytest.mark.parametrize(
    ("raw", "text", "encoding"),
    [
        pytest.param(b"plain", "plain", "utf-8", id="ascii"),
        pytest.param("café".encode(), "café", "utf-8", id="utf-8"),
        pytest.param(b"\xef\xbb\xbfcaf\xc3\xa9", "café", "utf-8-sig", id="mark is no text"),
        pytest.param(SENTENCE.encode("utf-16"), SENTENCE, "utf-16", id="utf-16 with mark"),
        pytest.param(SENTENCE.encode("utf-16-le"), SENTENCE, "utf-16-le", id="utf-16 without a mark"),
        pytest.param(SENTENCE.encode("utf-16-be"), SENTENCE, "utf-16-be", id="utf-16 the other way round"),
        pytest.param(SENTENCE.encode("cp1252"), SENTENCE, "cp1252", id="windows quotes"),
        pytest.param(PRICES.encode("cp1252"), PRICES, "cp1252", id="one letter beyond ASCII"),
        pytest.param(POLISH.encode("cp1250"), POLISH, "cp1250", id="polish"),
        pytest.param(CYRILLIC.encode("cp1251"), CYRILLIC, "cp1251", id="cyrillic"),
        pytest.param((SCRIPT + CYRILLIC).encode("cp1251"), SCRIPT + CYRILLIC, "cp1251", id="cyrillic behind a script"),
        pytest.param((SCRIPT + JAPANESE).encode("cp932"), SCRIPT + JAPANESE, "cp932", id="japanese behind a script"),
        pytest.param((SCRIPT + PRICES).encode("cp1252"), SCRIPT + PRICES, "cp1252", id="a pound behind a script"),
        pytest.param(
            (PRICES[:-13] * 4 + CYRILLIC[:73]).encode("cp1251"),
            PRICES[:-13] * 4 + CYRILLIC[:73],
            "cp1251",
            id="cyrillic quoted in English",
        ),
        pytest.param(QUOTED.encode("cp1252"), QUOTED, "cp1252", id="many quotes and dashes"),
        pytest.param(SENTENCE.encode("utf-32-le"), SENTENCE, "utf-32-le", id="utf-32 without a mark"),
        pytest.param(SENTENCE.encode("utf-32-be"), SENTENCE, "utf-32-be", id="utf-32 the other way round"),
        pytest.param(SENTENCE.encode() + b"\0So.\0", SENTENCE + "So.", "utf-8", id="a few NULs"),
        pytest.param(
            "“Yes,” José said. ".encode() + b"It\x92s a caf\xe9.",
            "“Yes,” José said. It’s a café.",
            "utf-8",
            id="UTF-8 with two bytes of windows-1252",
        ),
        pytest.param("José said “".encode()[:-1], "José said \ufffd", "utf-8", id="UTF-8 that is cut in a letter"),
        pytest.param(b"Zo\xc3\xab \xe2\x80 Jos\xc3\xa9", "Zoë \ufffd José", "utf-8", id="a letter cut in the middle"),
        pytest.param("“CAFÉ” «SÃO»".encode("cp1252"), "“CAFÉ” «SÃO»", "cp1252", id="a pair that is valid UTF-8"),
        pytest.param(b"one\r\ntwo\x0c", "one\r\ntwo\x0c", "utf-8", id="line ends stay"),
    ],
)
def test_decode_finds_the_encoding(raw, text, encoding):
    assert decode(raw) == (text, encoding)


@pytest.mark.parametrize(
    ("raw", "check"),
    [
        pytest.param(b"", "not_empty", id="nothing"),
        pytest.param(b" \n\t ", "not_empty", id="blank"),
        pytest.param("\u00a0\u2003".encode(), "not_empty", id="wide blanks"),
        pytest.param(b"%PDF-1.7 and so on", "is_text", id="pdf"),
        pytest.param(b"\x1f\x8b\x08\x00abc", "is_text", id="gzip"),
        pytest.param(b"some\0words\0and\0NULs", "is_text", id="many NULs"),
        pytest.param(b"caf\xe9 " * 40 + b"\0", "is_text", id="a NUL where the encoding has to be guessed"),
        pytest.param(("会谈进行得很顺利。" * 40 + "\n").encode("utf-16-le"), "is_text", id="utf-16 of Chinese"),
        pytest.param(b"\0" * 9, "is_text", id="NULs only"),
        pytest.param(b"\x01\0\x02\0" * 50, "is_text", id="small numbers of two bytes"),
        pytest.param(b"a\x01\x02\x03" * 50, "is_text", id="control characters"),
        pytest.param(bytes(range(128, 256)) * 40, "decodable", id="no encoding"),
    ],
)
def test_decode_refuses_what_is_no_text(raw, check):
    with pytest.raises(Unreadable) as caught:
        decode(raw)
    assert caught.value.check == check


def test_decode_believes_a_page_that_declares_its_charset():
    page = '<html><head><meta charset="iso-8859-2"></head><p>Łódź, Kraków</p>'
    assert decode(page.encode("iso-8859-2"), declared_in_page=True) == (page, "iso8859-2")


def test_decode_believes_valid_utf8_more_than_the_page():
    page = '<meta charset="iso-8859-1"><p>café</p>'
    assert decode(page.encode(), declared_in_page=True)[0] == page


def test_decode_reads_a_seven_bit_encoding_as_declared():
    page = '<meta charset="iso-2022-jp"><p>大臣は会談</p>'
    assert decode(page.encode("iso-2022-jp"), declared_in_page=True)[0] == page


@pytest.mark.parametrize(
    ("head", "charset"),
    [
        pytest.param(b'<meta charset="utf-8">', "utf-8", id="meta"),
        pytest.param(b"<META http-equiv=x content='text/html; charset=ISO-8859-1'>", "cp1252", id="latin 1 is windows"),
        pytest.param(b'<?xml version="1.0" encoding="koi8-r"?>', "koi8-r", id="xml"),
        pytest.param(b'<meta charset="no-such">', None, id="unknown"),
        pytest.param(b'<meta charset="base64">', None, id="no encoding of text"),
        pytest.param(b'<meta charset="utf-16">', None, id="cannot be"),
        pytest.param(b'<meta charset="punycode">', None, id="not of pages"),
        pytest.param(b"<p>charset=utf-8</p>", None, id="in the text"),
    ],
)
def test_find_declared_charset_reads_the_head(head, charset):
    assert find_declared_charset(head) == charset


def test_keep_text_refuses_half_characters():
    with pytest.raises(Unreadable, match=r"decodable: U\+D83D"):
        keep_text("a joke \ud83d")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param(b'{"text": "A\0B"}' + b"\n" + b"It sails. " * 9, None, id="one in a text"),
        pytest.param(b"A\0\0\3" * 20, "NULs among the first bytes", id="numbers"),
        pytest.param("It sails.".encode("utf-16-le"), None, id="UTF-16"),
        pytest.param(b"%PDF-1.7", "PDF", id="signature"),
    ],
)
def test_name_binary_tells_what_holds_no_lines(head, expected):
    assert name_binary(head) == expected
