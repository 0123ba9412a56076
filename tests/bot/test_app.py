"""The App: bytes in, an answer out; a bug costs one photo and leaves a ticket."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from bot import app as app_module
from bot.app import App
from bot.settings import Settings, read_settings
from models.errors import NotAPicture, ServiceError
from models.records import ChatRules
from models.weights import Weights


@pytest.fixture
def settings(weights: Weights) -> Settings:
    return read_settings(dotenv=None)  # the weights lie where the environment says


async def test_a_photo_becomes_an_analysis_and_a_marked_jpeg(
    settings: Settings, sample: Callable[[str], Path]
) -> None:
    async with App(settings) as app:
        answer = await app.answer(sample("cat").read_bytes(), ChatRules())

    assert "고양이" in answer.analysis.comment
    assert answer.marked is not None
    assert Image.open(io.BytesIO(answer.marked)).size == (451, 300)


async def test_an_unsafe_photo_comes_back_without_picture_or_comment(
    settings: Settings, sample: Callable[[str], Path]
) -> None:
    async with App(settings) as app:
        answer = await app.answer(sample("cat").read_bytes(), ChatRules(unsafe_threshold=0.0))

    assert answer.is_unsafe
    assert (answer.marked, answer.analysis.comment) == (None, "")


async def test_a_refusal_is_passed_on_as_it_is(settings: Settings) -> None:
    async with App(settings) as app:
        with pytest.raises(NotAPicture):
            await app.answer(b"text", ChatRules())


async def test_a_bug_of_ours_is_logged_with_its_ticket_and_the_next_photo_works(
    settings: Settings,
    sample: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> bytes:
        raise ZeroDivisionError

    async with App(settings) as app:
        with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
            patch.setattr(app_module, "draw", broken)
            with pytest.raises(ServiceError) as failure:
                await app.answer(sample("cat").read_bytes(), ChatRules())
        again = await app.answer(sample("cat").read_bytes(), ChatRules())

    assert str(failure.value.data["ticket"]) in caplog.text
    assert again.marked


def test_importing_the_app_brings_no_heavy_framework() -> None:
    code = "import sys, bot.app; print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert not {"torch", "transformers", "ultralytics", "ray"} & set(done.stdout.split())
