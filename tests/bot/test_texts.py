"""Texts: the same in both languages, one for every error, no gaps left in what people read."""

from __future__ import annotations

import ast
import io
import re
import struct
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Junk, Message, VariableReference
from fluent.syntax.visitor import Visitor
from PIL import Image

import bot.texts
from bot.texts import say, say_error
from inference.decode.policy import MAX_BYTES, MAX_SIDE
from inference.decode.pool import DecodePool
from models import errors
from models.errors import BadPhoto, Busy, DecodeCrash, DecodeTimeout, ServiceError
from models.records import Language

ROOT = Path(__file__).parents[2]
LANGUAGES: tuple[Language, ...] = get_args(Language)
GAPS = re.compile(r"[{}$\u2068\u2069]|TODO|FIXME|XXX|\?\?\?")
READY_THEN_SILENT = (sys.executable, "-c", "import time; print('{}', flush=True); time.sleep(60)")
READY_THEN_GONE = (sys.executable, "-c", "print('{}', flush=True); input()")


class _Variables(Visitor):
    """Collects the names of the values that a text wants."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: VariableReference) -> None:  # noqa: N802 - as the visitor calls it
        self.names.add(node.id.name)


def texts(language: Language) -> dict[str, set[str]]:
    """Return the names of all texts of a language, and the values each of them wants."""
    resource = FluentParser().parse(Path(bot.texts.__path__[0], f"{language}.ftl").read_text("utf-8"))
    assert not [entry.content for entry in resource.body if isinstance(entry, Junk)]
    found: dict[str, set[str]] = {}
    for entry in resource.body:
        if isinstance(entry, Message):
            assert entry.id.name not in found, f"{entry.id.name} is there twice in {language}.ftl"
            variables = _Variables()
            variables.visit(entry)
            found[entry.id.name] = variables.names
    return found


def kinds_of_error(kind: type[ServiceError] = ServiceError) -> Iterator[type[ServiceError]]:
    """Yield an error of this project and everything below it."""
    if not kind.__module__.startswith("tests"):
        yield kind
    for below in kind.__subclasses__():
        yield from kinds_of_error(below)


def png(width: int, height: int) -> bytes:
    """Return a PNG that announces a size and carries next to nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")]
    framed = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def jpeg_without_pixels() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (64, 48)).save(target, "JPEG")
    return target.getvalue()[:40]


@pytest.fixture(scope="module")
def pool() -> Iterator[DecodePool]:
    with DecodePool(1) as running:
        yield running


def test_both_languages_have_the_same_texts_with_the_same_values() -> None:
    assert texts("ko") == texts("en")


NAME = "곰"  # a word that takes a particle


def example(values: Iterable[str]) -> dict[str, Any]:
    """Return something for every value of a text."""
    return {value: NAME if value == "name" else 7 for value in values}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", texts("ko"))
def test_a_text_is_filled_without_gaps(name: str, language: Language) -> None:
    values = example(texts(language)[name])

    text = say(language, name, **values)

    assert text.strip()
    assert not GAPS.search(text)


@pytest.mark.parametrize("name", texts("ko"))
def test_a_korean_text_is_korean_and_an_english_one_is_not(name: str) -> None:
    ko, en = say("ko", name, **example(texts("ko")[name])), say("en", name, **example(texts("en")[name]))

    assert re.search("[가-힣]", ko)
    assert not re.search("[가-힣]", en.replace(NAME, ""))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(kinds_of_error()), ids=lambda kind: kind.code)
def test_every_error_has_a_text(kind: type[ServiceError], language: Language) -> None:
    assert f"error-{kind.code}" in texts(language)


def test_no_two_errors_share_a_code() -> None:
    codes = [kind.code for kind in kinds_of_error()]

    assert len(codes) == len(set(codes))


def test_every_bad_photo_can_be_told_by_its_code() -> None:
    assert set(errors.BAD_PHOTOS.values()) == set(kinds_of_error(BadPhoto))


def test_every_error_that_is_raised_carries_the_values_its_text_wants() -> None:
    wanted = {kind.__name__: texts("ko")[f"error-{kind.code}"] for kind in kinds_of_error()}
    lacking: list[str] = []

    for path in (
        file
        for package in ("bot", "inference", "models", "storage")
        for file in (ROOT / package).rglob("*.py")
    ):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in wanted:
                given = {keyword.arg for keyword in node.keywords}
                if None not in given and (missing := wanted[node.func.id] - given):
                    lacking.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.func.id} lacks {missing}")

    assert lacking == []


@pytest.mark.parametrize(
    ("data", "code", "limit"),
    [
        pytest.param(b"no picture", "not-a-picture", "JPEG", id="not a picture"),
        pytest.param(bytes(MAX_BYTES + 1), "too-many-bytes", "30", id="too many bytes"),
        pytest.param(png(MAX_SIDE + 1, 10), "too-many-pixels", "20,000", id="too long"),
        pytest.param(png(1, 100), "too-thin", "2", id="too thin"),
        pytest.param(jpeg_without_pixels(), "undecodable", "", id="undecodable"),
    ],
)
async def test_a_refused_photo_is_explained_with_the_limit_it_broke(
    data: bytes, code: str, limit: str, pool: DecodePool
) -> None:
    with pytest.raises(BadPhoto) as refusal:
        await pool.decode(data)

    said = [say_error(language, refusal.value) for language in LANGUAGES]

    assert refusal.value.code == code
    assert all(limit in text and not GAPS.search(text) for text in said)


async def test_a_decoder_that_takes_too_long_is_explained_with_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("inference.decode.pool.WALL_SECONDS", 1.0)

    with DecodePool(1, READY_THEN_SILENT) as pool, pytest.raises(DecodeTimeout) as refusal:
        await pool.decode(b"anything")

    assert "1초" in say_error("ko", refusal.value)
    assert "1 seconds" in say_error("en", refusal.value)


async def test_a_decoder_that_dies_is_explained() -> None:
    with DecodePool(1, READY_THEN_GONE) as pool, pytest.raises(DecodeCrash) as refusal:
        await pool.decode(b"anything")

    assert say_error("ko", refusal.value) == say("ko", "error-decode-crash")


def test_a_full_queue_is_explained_with_the_place_in_it() -> None:
    error = Busy("64 photos inside", place=64)

    assert "64장" in say_error("ko", error)
    assert "64 are before yours" in say_error("en", error)


@pytest.mark.parametrize(("count", "said"), [(1, "1 face"), (2, "2 faces"), (0, "0 faces")])
def test_english_counts_one_face_and_two_faces(count: int, said: str) -> None:
    assert say("en", "try-faces", count=count) == said


def test_a_text_that_does_not_exist_is_an_error_by_its_name() -> None:
    with pytest.raises(LookupError, match=r"no text 'no-such-text' in ko\.ftl"):
        say("ko", "no-such-text")


def test_a_text_whose_value_is_missing_is_an_error_by_its_name() -> None:
    with pytest.raises(LookupError, match=r"'error-busy'.*place"):
        say("ko", "error-busy")
