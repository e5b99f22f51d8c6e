import pytest

from tasks.annotate.ranges import find_numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1,000 men and 100 000 women", [(1000, 1000), (100_000, 100_000)], id="groups of three"),
        pytest.param("2,50,000 rupees", [(250_000, 250_000)], id="Indian groups"),
        pytest.param("2.5 lakh votes, 7½ hours", [(250_000, 250_000), (7.5, 7.5)], id="scale and fraction"),
        pytest.param("between 5 and 7 hours", [(5, 7)], id="between"),
        pytest.param("10-12 boats, 7 to 8 hours", [(10, 12), (7, 8)], id="dash and to"),
        pytest.param("$2-3 billion", [(2e9, 3e9)], id="scale of both ends"),
        pytest.param("Five to six hundred, two to three dozen", [(500, 600), (24, 36)], id="small scales"),
        pytest.param("a dozen to fifteen hundred", [(12, 1500)], id="a scale at both ends"),
        pytest.param("2 lakh 50 thousand, 3 million 200 thousand", [(250_000,) * 2, (3_200_000,) * 2], id="summed"),
        pytest.param("1 crore 20 lakh 30 thousand", [(12_030_000, 12_030_000)], id="three scales"),
        pytest.param("50 thousand 2 lakh", [(50_000, 50_000), (200_000, 200_000)], id="scales that grow"),
        pytest.param("it grew from 5 to 7 boats", [(5, 5), (7, 7)], id="a change is no range"),
        pytest.param("5 and 7 boats", [(5, 5), (7, 7)], id="two numbers"),
        pytest.param("two and a half hours, half an hour", [(2.5, 2.5), (0.5, 0.5)], id="halves"),
        pytest.param("an hour and a half a day", [(1, 1)], id="a half that belongs to what is before"),
        pytest.param("a dozen two-hour meetings", [(12, 12), (2, 2)], id="two numbers in words"),
        pytest.param("won 3-2 at 8:30 on 10/12/2022 and 2022-01-10", [], id="score, clock, dates"),
        pytest.param("call 555-123-4567 or +44 20 7946 0000", [], id="telephone"),
        pytest.param("the G7, COVID-19, an F-16, v2.0.1, the 1990s, the 3rd, #5", [], id="names"),
        pytest.param("the twenty-first century, thousands of boats", [], id="ordinal, no number"),
        pytest.param("9" * 400 + " and " + "million " * 60, [], id="larger than anything counted"),
        pytest.param("", [], id="empty"),
    ],
)
def test_find_numbers_reads_digits_words_and_ranges(text, expected):
    assert [(number.low, number.high) for number in find_numbers(text)] == expected


def test_find_numbers_gives_offsets_in_order_without_overlap():
    text = "Between 5 and 7 hours, 3 million men, half an hour, a tenth of them"
    found = find_numbers(text)
    assert [text[number.start : number.end] for number in found] == ["5 and 7", "3 million", "half an", "a tenth"]
    assert [number.is_range for number in found] == [True, False, False, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("between five and ten thousand", [(5000, 10_000)], id="in words"),
        pytest.param("between two hundred and three hundred", [(200, 300)], id="each with its hundred"),
        pytest.param("between a hundred and twenty and two hundred", [(120, 200)], id="the last and parts"),
        pytest.param("a hundred and five thousand", [(105_000, 105_000)], id="one number"),
        pytest.param("1.5-2 lakh", [(150_000, 200_000)], id="decimals and a dash"),
        pytest.param("2.5–3.5 million", [(2.5e6, 3.5e6)], id="decimals at both ends"),
        pytest.param("on 10.01.2022, tel. 555.123-4567", [], id="codes with dots"),
        pytest.param("From 5 to 10 boats sank", [(5, 10)], id="a sentence begins with a range"),
        pytest.param("Estimates range from 5 to 10", [(5, 10)], id="what ranges"),
        pytest.param("It lasted from 5 to 10 days", [(5, 10)], id="what lasts"),
        pytest.param("The number grew from 5 to 10", [(5, 5), (10, 10)], id="a change"),
    ],
)
def test_find_numbers_reads_ranges(text, expected):
    assert [(number.low, number.high) for number in find_numbers(text)] == expected
