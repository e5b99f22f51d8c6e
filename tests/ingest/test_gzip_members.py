import gzip
import io
import random

import pytest

from tasks.ingest.gzip_members import PIECE_BYTES, Damage, GzipMembers

NOISE = [random.Random(number).randbytes(30_000) for number in range(3)]
MEMBERS = [gzip.compress(noise) for noise in NOISE]


def overwrite(raw, at, size=40):
    return raw[:at] + b"\xff" * size + raw[at + size :]


def read_all(raw, *, tolerated=False, size=5000):
    damage = Damage(is_tolerated=tolerated)
    members = GzipMembers(io.BytesIO(raw), damage)
    parts = []
    while chunk := members.read(size):
        parts.append(chunk)
    return b"".join(parts), damage


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"".join(MEMBERS), id="one after the other"),
        pytest.param((b"\0" * 700).join(MEMBERS) + b"\0" * 20_000, id="filled up with zeros"),
    ],
)
def test_read_gives_all_members(raw):
    assert read_all(raw) == (b"".join(NOISE), Damage())


def test_read_gives_no_more_than_it_is_asked_for():
    members = GzipMembers(io.BytesIO(gzip.compress(b"\0" * 1_000_000)), Damage())
    assert {len(members.read(1000)) for _ in range(50)} == {1000}


@pytest.mark.parametrize(
    ("raw", "lost"),
    [
        pytest.param(MEMBERS[0] + overwrite(MEMBERS[1], 9000) + MEMBERS[2], (0, PIECE_BYTES), id="overwritten"),
        pytest.param(MEMBERS[0] + overwrite(MEMBERS[1], 0, 4) + MEMBERS[2], (30_000, 30_000), id="no head"),
        pytest.param(MEMBERS[0] + MEMBERS[1][:15_000] + MEMBERS[2], (0, 15_000 + PIECE_BYTES), id="cut off"),
        pytest.param(MEMBERS[0] + b"junk" * 40 + MEMBERS[2], (30_000, 30_000), id="junk"),
        pytest.param(MEMBERS[0] + MEMBERS[1][:-8] + b"\0" * 8 + MEMBERS[2], (0, PIECE_BYTES), id="wrong sum"),
    ],
)
def test_read_goes_on_behind_what_is_damaged(raw, lost):
    with pytest.raises(OSError, match=r"."):
        read_all(raw)
    found, damage = read_all(raw, tolerated=True)
    assert found.startswith(NOISE[0])
    assert found.endswith(NOISE[2])
    assert lost[0] <= 90_000 - len(found) <= lost[1]
    [member] = damage.found
    assert 30_000 <= member.given <= len(found)
    assert member.own == member.given - 30_000


def test_read_gives_what_came_before_the_damage_and_then_the_fault_again_and_again():
    members = GzipMembers(io.BytesIO(MEMBERS[0] + b"junk"), Damage())
    found = b""
    while len(found) < 30_000:
        found += members.read(7000)
    assert found == NOISE[0]
    for _ in range(2):
        with pytest.raises(OSError, match="incorrect header"):
            members.read(7000)
