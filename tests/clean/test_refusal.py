import pytest

from tasks.clean.lines import count_words
from tasks.clean.refusal import find_refusal
from tests.clean.made_up_documents import BODY

MENU = "\n\n".join(["Home", "News", "Sport", "Weather", "Opinion", "Log in", "Islands", "Archive"] * 8)


@pytest.mark.parametrize(
    ("text", "source_text", "observed"),
    [
        ("", "  ", "no text at all"),
        ("", "Share", "nothing but page furniture"),
        ("The pier fell into the sea on Monday night.", "x", "9 words of running text, 9 words in all"),
        (MENU, MENU, "0 words of running text, 72 words in all"),
        (f"404 {BODY}", f"404 {BODY} Page not found", "error page: 404, page not found"),
        (
            f"We use cookies. {BODY}",
            f"We use cookies. {BODY} Accept all cookies",
            "cookie wall: we use cookies, accept all cookies",
        ),
        (BODY + "\n\n" + "\n\n".join([MENU] * 5), "x", "78 of 438 words stand in sentences: a list or a menu"),
    ],
    ids=["empty", "furniture", "short", "menu", "not found", "cookies", "list"],
)
def test_find_refusal_says_what_was_seen(text, source_text, observed):
    refusal = find_refusal(text, source_text, word_count=count_words(text))
    assert refusal is not None
    assert (refusal.check, refusal.observed) == ("is_article", observed)


@pytest.mark.parametrize(
    "source_text",
    [BODY, f"We use cookies. {BODY}", f"We use cookies. {BODY} Accept all cookies"],
    ids=["plain", "one cookie line", "a notice that was taken out"],
)
def test_find_refusal_lets_an_article_pass(source_text):
    assert find_refusal(BODY, source_text, word_count=count_words(BODY)) is None


def test_find_refusal_counts_scripts_without_spaces():
    paragraph = "港口委员会星期二同意在冬季风暴到来之前重建旧石码头，渔民们曾警告说码头可能会倒塌。"
    text = f"{paragraph}\n\n{paragraph}"
    assert find_refusal(text, text, word_count=count_words(text)) is None
