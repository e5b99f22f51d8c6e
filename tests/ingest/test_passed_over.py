from tasks.ingest.passed_over import shorten_reasons, tell_ignored


def test_tell_ignored_shows_what_a_stranger_wrote_in_one_printable_line():
    reasons = {f"no page but image/{number}": 1 for number in range(30)}
    lines = tell_ignored({**reasons, "no page but image/\x1b[2jpng\n" + "x" * 500: 3})
    assert lines[0].startswith("3 passed over: no page but image/?[2jpng?xxx")
    assert len(lines[0]) < 150
    assert lines[-1] == "11 passed over: 11 other reasons"
    assert all(line.isprintable() for line in lines)


def test_shorten_reasons_loses_no_count():
    reasons = {f"type \x00{number}": 1 for number in range(30)} | {f"type \x01{number}": 1 for number in range(30)}
    assert sum(shorten_reasons(reasons).values()) == 60
