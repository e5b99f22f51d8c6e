import bz2
import gzip
import io
import random
import shutil
import struct
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from schemas import Document
from tasks.ingest import unpacking
from tasks.ingest.encoding import Unreadable
from tasks.ingest.readers.reader import Skipped
from tasks.ingest.unpacking import unpack
from tests.ingest.readers.reading import read_bytes

TEXT = b"The ferry sails at noon. " * 20


def zipped(**members):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


PACKERS = {"gz": gzip.compress, "bz2": bz2.compress, "zst": zstandard.compress, "zip": lambda raw: zipped(a=raw)}


@pytest.mark.parametrize("one_way", [False, True], ids=["file", "pipe"])
@pytest.mark.parametrize("packer", PACKERS)
def test_unpack_gives_what_was_packed(packer, one_way):
    [item] = read_bytes(PACKERS[packer](TEXT), f"a.txt.{packer}", one_way=one_way)
    assert item.raw_text == TEXT.decode()


def parquet(texts):
    target = io.BytesIO()
    pq.write_table(pa.table({"text": texts, "title": ["A", "B"]}), target)
    return target.getvalue()


TABLES = {
    "parquet": parquet(["It sails.", "It lands."]),
    "csv": b"title,text\r\nA,It sails.\r\nB,It lands.\r\n",
    "tsv": b"title\ttext\nA\tIt sails.\nB\tIt lands.\n",
}


@pytest.mark.parametrize("one_way", [False, True], ids=["file", "pipe"])
@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("is_named", [True, False], ids=["named", "by content"])
def test_unpack_reads_packed_tables_as_they_are_without(kind, packer, one_way, is_named, tmp_path):
    packed = zipped(**{f"a.{kind}": TABLES[kind]}) if packer == "zip" else PACKERS[packer](TABLES[kind])
    name = f"a.{kind}.{packer}" if is_named else ""
    items = read_bytes(packed, name, one_way=one_way, spool_folder=tmp_path)
    assert [(item.declared_title, item.raw_text) for item in items] == [("A", "It sails."), ("B", "It lands.")]
    mark = "R" if kind == "parquet" else "L"
    assert [item.source_uri.rpartition("#")[2][:1] for item in items] == [mark, mark]


@pytest.mark.parametrize("packer", ["gz", "zst"])
def test_unpack_refuses_packed_tables_that_are_cut_short(packer, tmp_path):
    packed = PACKERS[packer](TABLES["parquet"])
    [refused] = read_bytes(packed[: len(packed) // 2], f"a.parquet.{packer}", spool_folder=tmp_path)
    assert refused.check in ("whole_archive", "is_parquet")
    *rows, refused = read_bytes(packed_csv(packer), f"a.csv.{packer}", spool_folder=tmp_path)
    assert refused.check == "whole_archive"
    assert all(isinstance(row, Document) for row in rows)


def packed_csv(packer):
    """Half of a packed table of many rows."""
    dice = random.Random(1)
    rows = b"".join(b"%d,Ferry %d sails.\n" % (number, dice.getrandbits(200)) for number in range(5000))
    packed = PACKERS[packer](b"title,text\n" + rows)
    return packed[: len(packed) // 2]


def test_unpack_reads_all_members_of_a_gzip_file():
    [item] = read_bytes(gzip.compress(TEXT) + gzip.compress(TEXT), "a.txt.gz")
    assert item.raw_text == 2 * TEXT.decode()


def test_unpack_takes_every_file_of_a_zip_archive_for_itself():
    raw = zipped(**{"in__a.txt": "One.", "b.jsonl": '{"text": "Two."}', "README.md": "x", "p.jpg": b"\xff\xd8\xff"})
    items = read_bytes(raw, "all.zip")
    assert [item.source_uri for item in items] == [
        "all.zip#in/a.txt",
        "all.zip#b.jsonl#L1",
        "all.zip#README.md",
        "all.zip#p.jpg",
    ]
    assert [type(item).__name__ for item in items] == ["Document", "Document", "Skipped", "Refused"]
    assert isinstance(items[2], Skipped)


def test_unpack_writes_nothing_whatever_members_are_called(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = ["../../out.txt", "/etc/out.txt", "CON.txt", "a\\..\\b.txt", "x" * 5000 + ".txt", "\u202etxt.exe.txt"]
    items = read_bytes(zipped(**{name: f"Text {number}." for number, name in enumerate(names)}), "all.zip")
    assert [type(item) for item in items] == [Document] * len(names)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("raw", "checks"),
    [
        pytest.param(gzip.compress(TEXT)[:-10], ["whole_archive"], id="gzip cut off"),
        pytest.param(b"\x1f\x8b" + b"junk" * 20, ["whole_archive"], id="gzip garbage"),
        pytest.param(zstandard.compress(TEXT)[:-10], ["whole_archive"], id="zstd cut off"),
        pytest.param(b"PK\x03\x04" + b"junk" * 20, ["whole_archive"], id="zip garbage"),
        pytest.param(zipped(), ["not_empty"], id="zip of nothing"),
        pytest.param(PACKERS["gz"](PACKERS["gz"](PACKERS["gz"](PACKERS["gz"](TEXT)))), ["not_nested"], id="nested"),
    ],
)
def test_unpack_refuses_what_is_broken(raw, checks):
    assert [item.check for item in read_bytes(raw, "a") if not isinstance(item, Document)] == checks


@pytest.mark.parametrize("packer", PACKERS)
def test_unpack_stops_what_bursts(packer, monkeypatch):
    monkeypatch.setattr(unpacking, "FREE_BYTES", 100_000)
    raw = PACKERS[packer](b"\0" * 3_000_000)
    with pytest.raises(Unreadable, match="not_a_bomb"):
        [shutil.copyfileobj(part.file, io.BytesIO()) for part in unpack(io.BytesIO(raw), "a")]


def test_unpack_bounds_an_archive_of_many_bombs(monkeypatch):
    monkeypatch.setattr(unpacking, "FREE_BYTES", 100_000)
    raw = zipped(**{f"{number}.txt": "x" * 90_000 for number in range(20)})
    items = read_bytes(raw, "a.zip")
    assert {item.check for item in items if not isinstance(item, Document)} == {"not_a_bomb"}
    assert sum(isinstance(item, Document) for item in items) < 20


def test_unpack_bounds_archives_within_an_archive_together(monkeypatch):
    monkeypatch.setattr(unpacking, "FREE_BYTES", 100_000)
    inner = gzip.compress(gzip.compress(b"\n" * 90_000))
    raw = zipped(**{f"{number}.txt.gz.gz": inner for number in range(20)})
    items = read_bytes(raw, "a.zip")
    bombs = [item for item in items if not isinstance(item, Document) and item.check == "not_a_bomb"]
    assert len(items) == 20
    assert len(bombs) >= 10


@pytest.mark.parametrize("packer", ["", "gz", "bz2", "zst"])
def test_unpack_raises_what_the_disk_says(packer):
    class Bad(io.BytesIO):
        def read(self, size=-1):
            if self.tell() >= 200_000:
                raise OSError(5, "Input/output error")
            return super().read(min(size, 100_000) if size > 0 else 100_000)

    noise = random.Random(1).randbytes(500_000)
    with pytest.raises(OSError, match="Input/output") as caught:
        [shutil.copyfileobj(part.file, io.BytesIO()) for part in unpack(Bad(PACKERS.get(packer, bytes)(noise)), "a")]
    assert caught.value.errno == 5


def test_unpack_leaves_text_that_begins_like_an_archive():
    [item] = read_bytes("BZhou said so.", "a.txt")
    assert isinstance(item, Document)


def spoil_end_record(raw):
    """The directory said to lie a hundred bytes further on: the members come before the beginning of the file."""
    at = raw.rfind(b"PK\x05\x06") + 16
    return raw[:at] + struct.pack("<L", struct.unpack("<L", raw[at : at + 4])[0] + 100) + raw[at + 4 :]


def test_unpack_refuses_members_that_lie_before_the_beginning():
    [refused] = read_bytes(spoil_end_record(zipped(**{"a.txt": "It sails."})), "a.zip")
    assert (refused.source_uri, refused.check) == ("a.zip#a.txt", "whole_archive")


def test_unpack_reads_a_member_without_a_name():
    [item] = read_bytes(zipped(**{"Q.txt": "It sails."}).replace(b"Q.txt", b"\0.txt"), "a.zip")
    assert (item.source_uri, item.raw_text) == ("a.zip#member 1", "It sails.")
