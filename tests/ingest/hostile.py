"""Inputs made to do harm, generated from a seed: every format, packed and not, whole and damaged."""

import bz2
import gzip
import io
import json
import random
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from tests.ingest.readers.made_up import packed_warc, warc_record

PHRASES = (
    "The ferry sails on Friday,” said Ines Calder.",
    "\u200b\u200d\u2060\ufeff", "\u202e\u2066\u2069txt.exe", "\x1b[2J\x1b]0;owned\x07", "a\0b", "\ud83d", "\udcff",
    "=HYPERLINK(\"http://x.example\")", "@SUM(1+1)*cmd|' /C calc'!A0", "-2+3", "+1", "\t=1+1",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "]]>", "&lol9;", "<!--",
    "'; DROP TABLE quotes; --", "{{ 7*7 }}", "${jndi:ldap://x}", "%s%n%x", "../../../../etc/passwd", "CON", "NUL.txt",
    "\\\\server\\share", "/dev/zero", "x" * 5000, "“" * 3000, "\"" * 3000, "(" * 3000, "Mr. " * 1000, "A" + "a " * 2000,
    "1,2" * 1000, "\n" * 2000, "é" * 1000, "\U0001f600" * 500, "　" * 500, "\r", "\x85\u2028\u2029", "\u0301" * 1000,
    "<div>" * 3000, "&amp;" * 1000, "http://" * 500, "a@b." * 500,
)  # fmt: skip
NAMES = (
    "a", "..", "CON", "nul", "-rf", "a b", "é", "%2e%2e%2f", "x" * 120, "\u202etxt", "=1+1", "'", '"', "$(id)", "a\nb",
    "\x1b[31m", "a;b", "|", "*", "?", "[a]", "~", "#L1", "a#b",
)  # fmt: skip
FIELDS = (
    "text",
    "html",
    "title",
    "outlet",
    "author",
    "url",
    "date",
    "published_at",
    "x",
    "",
    "\0",
    "=cmd",
    "__class__",
)
PACKERS = (gzip.compress, bz2.compress, zstandard.compress)


def make_text(dice: random.Random) -> str:
    """Some words and some harm."""
    return " ".join(dice.choice(PHRASES) for _ in range(dice.randint(1, 4)))


def make_value(dice: random.Random):
    """A value of a record: mostly text."""
    odd = [None, True, -1, 1e308, 10**30, [], {}, [[["x"]]], {"name": {"name": "x"}}, ["a", None, 3]]
    return dice.choice(odd) if dice.random() < 0.2 else make_text(dice)


def make_record(dice: random.Random) -> dict:
    """A record of some fields."""
    return {dice.choice(FIELDS): make_value(dice) for _ in range(dice.randint(1, 5))} | {"text": make_text(dice)}


def make_wide_table(dice: random.Random) -> tuple[str, bytes]:
    """A table or records in UTF-16 or UTF-32, often cut within a letter."""
    text = make_text(dice).encode("utf-8", "replace").decode("utf-8")
    ending, content = dice.choice(
        [(".csv", f"title,text\nA,{text}\n"), (".json", json.dumps([{"text": text}])), (".rss", f"<rss><item>{text}")]
    )
    raw = content.encode(dice.choice(("utf-16", "utf-32", "utf-16-le")))
    return ending, raw + dice.choice((b"", b"\x41", b"\x00\xd8\x41\x00", b"\xff\xff\xff\xff"))


def make_doubled(dice: random.Random) -> tuple[str, bytes]:
    """A table or records with two columns of one name."""
    target, texts = io.BytesIO(), [make_text(dice).encode("utf-8", "replace").decode("utf-8") for _ in range(2)]
    match dice.randint(0, 2):
        case 0:
            pq.write_table(pa.Table.from_arrays([pa.array([one]) for one in texts], names=["text", "text"]), target)
            return ".parquet", target.getvalue()
        case 1:
            return ".csv", b"text,Text,text\n" + ",".join(json.dumps(one) for one in (*texts, "x")).encode()
        case _:
            return ".json", f'[{{"text": {json.dumps(texts[0])}, "text": {json.dumps(texts[1])}}}]'.encode()


def make_odd_parquet(dice: random.Random) -> tuple[str, bytes]:
    """Parquet with days beyond the calendar, letters that are none, or some bytes changed anywhere."""
    target, texts = io.BytesIO(), [b"The ferry sails.", dice.choice((b"\xff\xfe\xf0", b"It lands."))]
    days = pa.array([dice.choice((1 << 62, -(1 << 62), 0)), 0], pa.int64()).cast(
        pa.timestamp("us", tz=dice.choice((None, "UTC", "Mars/Phobos")))
    )
    column = pa.Array.from_buffers(pa.string(), 2, pa.array(texts).buffers())
    columns = {"text": column if dice.random() < 0.5 else column.dictionary_encode(), "date": days}
    pq.write_table(pa.table(columns), target, compression=dice.choice(("zstd", "snappy", "none")))
    raw = bytearray(target.getvalue())
    for _ in range(dice.choice((0, 1, 3))):
        raw[dice.randrange(len(raw))] = dice.randrange(256)
    return ".parquet", bytes(raw)


def make_odd_zip(dice: random.Random) -> tuple[str, bytes]:
    """A zip archive of any method, with names and fields of its directory that are none."""
    target = io.BytesIO()
    method = dice.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr("é.txt", "The ferry sails. " * 40)
        archive.writestr("b.txt", make_text(dice).encode("utf-8", "replace"))
    raw = target.getvalue().replace("é".encode(), dice.choice(("é".encode(), b"\xff\xfe", b"\0/")))
    spoilt = bytearray(raw)
    # Mostly in the directory, which stands at the end.
    for _ in range(dice.choice((0, 1, 3))):
        spoilt[dice.randrange(len(raw)) if dice.random() < 0.3 else -1 - dice.randrange(130)] = dice.randrange(256)
    return ".zip", bytes(spoilt)


def make_odd_warc(dice: random.Random) -> tuple[str, bytes]:
    """A web archive whose records lack a type or name moments beyond the calendar, whose chunks have broken heads."""
    page = b"<html><body><p>" + make_text(dice).encode("utf-8", "replace") + b"</p></body></html>"
    head = b"Content-Type: text/html\r\n" + dice.choice((b"", b"Transfer-Encoding: chunked\r\n"))
    body = dice.choice((page, b"%x\r\n%s\r\n0\r\n\r\n" % (len(page), page), b"5\r\n<html\r\nzz\r\n" + page))
    content = b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + body
    fields = [
        dice.choice((b"WARC-Type: response\r\n", b"", b"WARC-Type: respoonse\r\n", b"WARC-Type: revisit\r\n")),
        dice.choice((b"", b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00", b"x")),
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n" % len(content),
    ]
    fields[1] = fields[1] and b"WARC-Date: %s\r\n" % fields[1]
    return ".warc", b"WARC/1.0\r\n" + b"".join(fields) + b"\r\n" + content + b"\r\n\r\n" + warc_record(page)


def make_odd_feed(dice: random.Random) -> tuple[str, bytes]:
    """A feed one of whose items is broken, or which is cut off."""
    good = "<item><title>1</title><encoded>&lt;p&gt;The ferry sails.&lt;/p&gt;</encoded></item>"
    broken = dice.choice(
        ("<item><title>2<encoded>x</item>", "<item><encoded><![CDATA[<p>x</p></encoded></item>", "<item>&lol9;</item>")
    )
    raw = f"<rss><channel>{good}{broken}{good}</channel></rss>".encode()
    return ".rss", raw[: dice.choice((len(raw), dice.randrange(len(raw))))]


HOLDERS = (
    "articles",
    "items",
    "sections",
    "blocks",
    "paragraphs",
    "content",
    "related",
    "posts",
    "comments",
    "_source",
    "text",
    "1",
)


def make_nested(dice: random.Random, left: int):
    """Records in records, in lists, in lists of lists and under names that mean something, so many deep."""
    if not left:
        return make_record(dice) if dice.random() < 0.7 else make_value(dice)
    match dice.randint(0, 4):
        case 0:
            return [make_nested(dice, left - 1) for _ in range(dice.randint(0, 2))]
        case 1:
            return {dice.choice(HOLDERS): make_nested(dice, left - 1) for _ in range(dice.randint(0, 2))}
        case 2:
            return make_record(dice) | {dice.choice(HOLDERS): make_nested(dice, left - 1)}
        case 3:
            part = {dice.choice(("heading", "title")): "A", "text": make_text(dice)}
            return {"title": "A", dice.choice(HOLDERS): [part, make_nested(dice, left - 1)]}
        case _:
            return {"_source": make_nested(dice, left - 1)}


def make_odd_json(dice: random.Random) -> tuple[str, bytes]:
    """Nested records, written in one of many forms: pretty, with comments, stray commas, as lines, in wide letters."""
    values = [make_nested(dice, dice.choice((1, 2, 3, 4, 40))) for _ in range(dice.randint(1, 3))]
    indent = dice.choice((None, 1))
    parts = [json.dumps(value, indent=indent) for value in values]
    between = dice.choice((", ", "\n", "", ",\n", "; ", " // a {\n", "/* , */ , ", "/*", ",,", "\x1e"))
    text = between.join(parts) + dice.choice(("", "", ",", "\n]", "//", "/*"))
    text = dice.choice(("", "", "[", "// a\n", "[/* a */", "\n\n")) + text + dice.choice(("", "]", "]}"))
    raw = text.encode(dice.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-be", "utf-32-le")))
    return dice.choice((".json", ".jsonl", "")), raw[: dice.choice((len(raw), len(raw), dice.randrange(len(raw))))]


ODD_KINDS = {
    "json of any form": make_odd_json,
    "wide": make_wide_table,
    "doubled": make_doubled,
    "parquet that is none": make_odd_parquet,
    "zip that is none": make_odd_zip,
    "warc that is none": make_odd_warc,
    "feed that is none": make_odd_feed,
}


def make_content(dice: random.Random) -> tuple[str, bytes]:
    """A file of some format: its ending and its bytes."""
    kind = dice.choice(("txt", "html", "jsonl", "json", "csv", "xml", "warc", "parquet", "", *ODD_KINDS))
    if kind in ODD_KINDS:
        return ODD_KINDS[kind](dice)
    text = make_text(dice)
    safe = text.encode("utf-8", "replace")
    match kind:
        case "html":
            return ".html", b"<html><head><title>" + safe + b"</title></head><body><p>" + safe + b"</p></body></html>"
        case "jsonl":
            return ".jsonl", "\n".join(json.dumps(make_record(dice)) for _ in range(3)).encode()
        case "json":
            return ".json", json.dumps([make_record(dice) for _ in range(3)]).encode()
        case "csv":
            return ".csv", b"title,text,url\n" + b"".join(b'"%s",%s,"%s\n' % (safe, safe, safe) for _ in range(2))
        case "xml":
            item = b"<item><title>%s</title><link>%s</link><encoded>%s</encoded></item>" % (safe, safe, safe)
            return ".xml", b"<!DOCTYPE rss [<!ENTITY lol9 'lol'>]><rss><channel>" + item * 2 + b"</channel></rss>"
        case "warc":
            pages = [warc_record(safe, url=text.encode("ascii", "replace").decode()) for _ in range(2)]
            return ".warc.gz", packed_warc(*pages)
        case "parquet":
            target = io.BytesIO()
            pq.write_table(pa.table({"text": [safe.decode("utf-8"), None], "title": ["a", "b"]}), target)
            return ".parquet", target.getvalue()
        case _:
            return (".txt" if kind else ""), text.encode("utf-8", "surrogatepass")


def damage(dice: random.Random, raw: bytes) -> bytes:
    """The bytes cut off, overwritten, doubled or packed."""
    match dice.randint(0, 10):
        case 0:
            return raw[: dice.randint(0, len(raw))]
        case 1:
            position = dice.randint(0, len(raw))
            return raw[:position] + dice.randbytes(dice.randint(1, 40)) + raw[position + 10 :]
        case 2:
            return raw + raw
        case 3:
            return dice.choice(PACKERS)(raw)
        case 4:
            return dice.choice(PACKERS)(raw)[: dice.randint(0, 200)]
        case 5:
            target = io.BytesIO()
            with zipfile.ZipFile(target, "w") as archive:
                for name in dice.sample(NAMES, 3):
                    archive.writestr(f"../{name}.txt", raw)
            return target.getvalue()
        case 6:
            return dice.randbytes(dice.randint(0, 300))
        case 7 if raw:
            changed = bytearray(raw)
            for _ in range(dice.randint(1, 3)):
                changed[dice.randrange(len(raw))] = dice.randrange(256)
            return bytes(changed)
        case _:
            return raw


def make_input(dice: random.Random) -> tuple[str, bytes]:
    """A file's name and bytes."""
    ending, raw = make_content(dice)
    return dice.choice(NAMES) + ending, damage(dice, raw)


def write_inputs(folder: Path, count: int, seed: int) -> None:
    """`count` files below a folder, the same for the same seed; names that the disk refuses are made plain."""
    dice = random.Random(seed)
    for number in range(count):
        name, raw = make_input(dice)
        place = folder / f"{number:06d}"
        place.mkdir(parents=True)
        try:
            (place / name.replace("/", "_").lstrip(".~")).write_bytes(raw)
        except (OSError, ValueError):
            (place / "plain").write_bytes(raw)
