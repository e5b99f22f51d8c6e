import time
import tomllib

import pytest

from tasks.clean.furniture.rules import (
    FOLDER,
    PARTS,
    RULE_FILES,
    Rule,
    choose_line_rules,
    find_line_rule,
    load_rule_set,
    load_rules,
    read_rules,
    reports_speech,
    take_parts,
    take_whole,
)
from tasks.clean.lines import Line

RULES = load_rules()
MATCHES = [pytest.param(rule, text, id=f"{rule.name}-{text[:30]}") for rule in RULES for text in rule.matches]
IGNORES = [pytest.param(rule, text, id=f"{rule.name}-{text[:30]}") for rule in RULES for text in rule.ignores]


def holds_literal(rule: Rule, text: str) -> bool:
    return not rule.literals or any(literal in text.lower() for literal in rule.literals)


@pytest.mark.parametrize(("rule", "text"), MATCHES)
def test_rule_takes_its_examples(rule, text):
    assert holds_literal(rule, text)
    assert rule.find(text)


@pytest.mark.parametrize(("rule", "text"), IGNORES)
def test_rule_leaves_its_counterexamples(rule, text):
    assert not (holds_literal(rule, text) and rule.find(text))


@pytest.mark.parametrize(("rule", "text"), MATCHES)
def test_find_line_takes_the_examples_of_all_rules(rule, text):
    line = Line(5, 5 + len(text), text)
    if rule.where in PARTS:
        spans = [(5 + start, 5 + end, rule.name) for start, end in rule.find(text)]
        found = take_parts(line, choose_line_rules([line])[0][0])
        assert set(spans) <= {(span.start, span.end, span.rule_name) for span in found}
    else:
        assert find_line_rule(line, rule.where) in RULES


@pytest.mark.parametrize("place", ["whole_line", "head", "tail", "anywhere"])
@pytest.mark.parametrize(
    "text",
    ["Share this, read more: \ud83d Tags, © [ad] via", "Nothing of the kind.", "", "Menu » Home", "İSHARE ON", "★★★"],
    ids=["many", "few", "empty", "head", "longer in small letters", "marks"],
)
def test_choose_gives_in_order_the_rules_of_which_a_literal_stands_in_the_text(place, text):
    starts_with_mark = not text[:1].isalnum()
    expected = [
        rule.name
        for rule in RULES
        if rule.where == place and holds_literal(rule, text) and (rule.literals or starts_with_mark)
    ]
    assert [rule.name for rule in load_rule_set(place).choose(text.lower())] == expected


def test_choose_line_rules_leaves_each_line_the_rule_that_takes_it():
    texts = [
        "The\0pier",
        "Share this:",
        "The pier fell — “slowly”.",
        "Source: É",
        "",
        "Advertisement",
        "Tags: \ud83d pier",
        "***",
    ]
    lines = [Line(0, len(text), text) for text in texts]
    found = [take_whole(line, rules) for line, (_, rules) in zip(lines, choose_line_rules(lines), strict=True)]
    assert found == [find_line_rule(line, "whole_line") for line in lines]
    assert [rule is not None for rule in found] == [False, True, False, False, False, True, False, True]
    assert choose_line_rules([]) == []


def test_find_line_rule_takes_a_long_line_by_a_rule_for_long_lines_only():
    text = "Copyright 2024 The Ellery Post. All rights reserved. " + "This material may not be published. " * 7
    line = Line(0, len(text), text.strip())
    rule = find_line_rule(line, "whole_line")
    assert rule is not None
    assert rule.longest >= len(line.text) > 250


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_has_a_reason_and_examples_both_ways(rule):
    assert len(rule.why) > 20
    assert rule.matches
    assert rule.ignores
    assert all(literal == literal.lower() for literal in rule.literals)


def test_load_rules_gives_each_rule_its_own_name():
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    assert len(names) == sum(len(tomllib.loads((FOLDER / name).read_text())["rule"]) for name in RULE_FILES)


def test_read_rules_names_the_rule_with_an_unknown_category(tmp_path):
    path = tmp_path / "rules.toml"
    path.write_text('[[rule]]\nname = "odd"\ncategory = "nonsense"\nwhere = "tail"\npattern = "x"\n')
    with pytest.raises(ValueError, match="rule odd"):
        read_rules(path)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@pytest.mark.parametrize(
    "text",
    ["a " * 3000 + "!", "Share " * 600 + "!", "share , " * 500 + "?", "x" * 6000, "[" * 3000, "We use " * 700 + "."],
    ids=["words", "shares", "commas", "letters", "brackets", "we use"],
)
def test_rule_reads_a_hostile_line_in_no_time(rule, text):
    started = time.process_time()
    rule.find(text)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_reads_a_long_run_beside_its_literals_in_no_time(rule):
    length = min(20_000, rule.longest or 20_000)
    for run in (unit * length for unit in (" ", "\t", "\u00a0", "a", "1")):
        for text in (run, *(text for literal in rule.literals for text in (literal + run, run + literal))):
            started = time.process_time()
            rule.find(text[: rule.longest] if rule.longest else text)
            assert time.process_time() - started < 0.2


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Download the app, the police told drivers.", True),
        ("Source: the sand, said a diver.", True),
        ("“Subscribe!” cried the clerk of the town.", True),
        ("READ MORE: Three lost at sea, police said", False),
        ("Sign up for our newsletter, and never miss a story.", False),
        ("We said so.", False),
    ],
)
def test_reports_speech(line, expected):
    assert reports_speech(line) is expected


def test_find_line_rule_asks_only_rules_that_open_a_block_if_told():
    both = [rule for rule in RULES if rule.where == "tail"]
    for rule in both:
        line = Line(0, len(rule.matches[0]), rule.matches[0])
        found = find_line_rule(line, "tail", opening=True)
        assert found is None or found.opens_block
    assert {rule.opens_block for rule in both} == {True, False}


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('category = "advertisement"\nwhere = "whole_line"', "needs `longest`"),
        ('category = "advertisement"\nwhere = "sideways"', "unknown category or place"),
        ('category = "weather"\nwhere = "anywhere"', "unknown category or place"),
    ],
    ids=["no_length", "no_place", "no_category"],
)
def test_read_rules_names_the_rule_that_is_wrong(tmp_path, entry, message):
    path = tmp_path / "rules.toml"
    path.write_text(f'[[rule]]\nname = "buttons"\npattern = "share"\n{entry}\n')
    with pytest.raises(ValueError, match=f"rule buttons .*{message}"):
        read_rules(path)
