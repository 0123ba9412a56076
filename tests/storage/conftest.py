"""A folder, a store on it, and a database without a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.folder import Folder
from storage.sqlite import Connection
from storage.store import Store
from storage.words import Tokenizer
from tests.storage.makers import bare


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A data folder in which nothing is yet."""
    return Folder(tmp_path / "data")


OpenStore = Callable[..., Store]


@pytest.fixture
def open_store(folder: Folder, tokenizer: Tokenizer) -> Iterator[OpenStore]:
    """Open a store on the folder, or on another one, as often as wanted; all are closed at the end."""
    stores: list[Store] = []

    def opened(other: Folder | None = None) -> Store:
        store = Store(other or folder)
        store.tokenizer = tokenizer
        stores.append(store)
        return store

    yield opened
    for store in stores:
        store.close()


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    """An open store with nothing in it."""
    return open_store()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Connection]:
    """A new database, for jobs without a writer."""
    with closing(bare(tmp_path / "bare.db")) as connection:
        yield connection


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    """A tokenizer that knows morphemes; loading them takes a second."""
    made = Tokenizer()
    made.load()
    return made
