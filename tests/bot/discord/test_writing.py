from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord.writing import MOST, length, written


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("고양이가 **두** 마리", r"고양이가 \*\*두\*\* 마리", id="bold"),
        pytest.param("snake_case 와 `code`", r"snake\_case 와 \`code\`", id="underscore and code"),
        pytest.param("||숨김||", r"\|\|숨김\|\|", id="spoiler"),
        pytest.param("# 제목", r"\# 제목", id="heading"),
        pytest.param("<@123> 안녕", r"\<@123> 안녕", id="mention"),
        pytest.param("<:smile:1>", r"\<:smile:1>", id="emoji"),
        pytest.param("3 < 4", "3 < 4", id="less than"),
        pytest.param("https://example.com/a_b.", "<https://example.com/a_b>.", id="link"),
        pytest.param("[여기](https://example.com)", r"[여기\](<https://example.com>)", id="masked link"),
        pytest.param("뒤집\u202e기\u0007", "뒤집기", id="direction and control"),
    ],
)
def test_a_text_is_shown_letter_by_letter(text: str, shown: str) -> None:
    assert written(text) == shown


def test_a_long_text_is_cut_at_a_word() -> None:
    text = written("고양이 " * 1000)

    assert length(text) <= MOST
    assert text.endswith("고양이…")
    assert length(text) > MOST - 10


def test_an_emoji_counts_as_two() -> None:
    text = written("😀" * 1500)

    assert length(text) <= MOST
    text.encode()  # none is cut in two


@given(st.text(max_size=3000))
def test_no_text_is_too_long_for_discord(text: str) -> None:
    assert length(written(text)) <= MOST


@given(st.text(alphabet="ab*_`~|<>@#:/[]()\\\n-https.", max_size=200))
def test_no_text_calls_anybody(text: str) -> None:
    shown = written(text)

    assert "<@" not in shown.replace("\\<@", "")
