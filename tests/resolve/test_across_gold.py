import pytest

from tests.resolve.across_gold import find_faults, read_cases


@pytest.mark.parametrize("case", read_cases(), ids=lambda case: case["name"])
def test_join_entities_finds_who_is_who(case):
    assert find_faults(case) == []


def test_find_faults_tells_what_is_wrong():
    case = next(case for case in read_cases() if case["name"] == "titles_that_agree")
    apart = {**case, "groups": [["Gazette/Helen Marsden"], ["Post/Helen Marsden"]], "conflicts": ["diplomat"]}
    assert len(find_faults(apart)) == 2
