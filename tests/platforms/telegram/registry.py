"""Which function answers which method."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tests.platforms.telegram.arguments import Arguments
from tests.platforms.telegram.state import Telegram

Method = Callable[[Telegram, Arguments], Awaitable[Any]]
METHODS: dict[str, tuple[str, Method]] = {}  # by name in small letters


def answers(name: str) -> Callable[[Method], Method]:
    """Let a function answer a method."""

    def register(method: Method) -> Method:
        METHODS[name.lower()] = (name, method)
        return method

    return register
