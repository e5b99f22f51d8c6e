import time
import tomllib

import pytest

from tasks.clean.rules import FOLDER, RULE_FILES, Rule, load_rules, read_rules

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
