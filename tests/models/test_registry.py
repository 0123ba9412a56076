"""The registry: the one that ships, and how a wrong one is refused."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import PurePosixPath

import pytest

from models.registry import SOURCE_FIELDS, Entry, load_registry

SHA = "0123456789abcdef" * 4
ENTRY = f"""
about = "a file for tests"
licence = "MIT"
author = "nobody"
name = "thing.bin"
bytes = 3
sha256 = "{SHA}"
"""
SOURCE = """
[[file.thing.source]]
kind = "url"
url = "http://127.0.0.1/thing.bin"
"""
SHIPPED = load_registry()
ENTRIES = [pytest.param(entry, id=key) for key, entry in SHIPPED.entries.items()]


def text_of(*, roles: str = 'objects = ["thing"]', entry: str = ENTRY, source: str = SOURCE) -> str:
    return f"[roles]\n{roles}\n[file.thing]\n{entry}\n{source}"


def test_a_written_registry_is_read_as_written() -> None:
    registry = load_registry(text_of())

    (entry,) = registry.role("objects")
    assert (entry.key, entry.name, entry.bytes, entry.sha256) == ("thing", "thing.bin", 3, SHA)
    assert str(entry.sources[0]) == "http://127.0.0.1/thing.bin"


def test_a_tag_is_the_name_and_the_first_eight_digits() -> None:
    assert load_registry(text_of()).entry("thing").tag == "thing@01234567"


def test_the_shipped_registry_has_every_role_the_program_asks_for() -> None:
    assert {"objects", "faces", "unsafe", "font", "samples"} <= SHIPPED.roles.keys()
    assert all(SHIPPED.role(name) for name in ("objects", "faces", "unsafe", "font", "samples"))


@pytest.mark.parametrize("role", SHIPPED.roles)
def test_every_entry_of_a_shipped_role_exists(role: str) -> None:
    assert [entry.key for entry in SHIPPED.role(role)] == list(SHIPPED.roles[role])


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_shipped_entry_is_pinned_to_its_bytes(entry: Entry) -> None:
    assert re.fullmatch("[0-9a-f]{64}", entry.sha256)
    assert entry.bytes > 0


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_shipped_entry_says_whose_it_is_and_under_which_licence(entry: Entry) -> None:
    assert entry.about
    assert entry.author
    assert entry.licence


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_shipped_file_name_stays_inside_its_folder(entry: Entry) -> None:
    assert PurePosixPath(entry.name).name == entry.name
    assert PurePosixPath(entry.key).name == entry.key


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_shipped_source_names_one_version_for_ever(entry: Entry) -> None:
    for source in entry.sources:
        assert source.kind != "hub" or re.fullmatch("[0-9a-f]{40}", source.revision)
        assert source.kind not in {"wheel", "npm"} or re.fullmatch(r"\d+(\.\d+)+", source.version)
        assert source.kind != "url" or source.url.startswith("https://")


@pytest.mark.parametrize("role", ["objects", "faces", "unsafe", "expression"])
def test_a_shipped_model_names_a_module_that_can_build_it(role: str) -> None:
    for entry in SHIPPED.role(role):
        module = import_module(f"models.{entry.module}")

        assert callable(module.build)
        assert module.INPUT is not None


@pytest.mark.parametrize("role", ["objects", "faces", "unsafe", "expression"])
def test_a_shipped_model_admits_what_it_gets_wrong(role: str) -> None:
    assert all(entry.limits for entry in SHIPPED.role(role))


def test_an_unknown_entry_is_answered_with_all_there_are() -> None:
    with pytest.raises(KeyError, match=r"no entry 'nothing', there are: .*yolo11n") as refusal:
        SHIPPED.entry("nothing")

    assert all(key in str(refusal.value) for key in SHIPPED.entries)


@pytest.mark.parametrize("field", ["about", "licence", "author", "name", "bytes", "sha256"])
def test_an_entry_without_a_field_is_refused_by_the_fields_name(field: str) -> None:
    entry = "\n".join(line for line in ENTRY.splitlines() if not line.startswith(field))

    with pytest.raises(ValueError, match=rf"'thing'.*'{field}'"):
        load_registry(text_of(entry=entry))


def test_an_entry_with_an_unknown_field_is_refused_by_the_fields_name() -> None:
    with pytest.raises(ValueError, match=r"'thing'.*'colour'"):
        load_registry(text_of(entry=ENTRY + 'colour = "red"\n'))


def test_an_entry_without_a_source_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'thing' needs .* a source"):
        load_registry(text_of(source=""))


@pytest.mark.parametrize(
    "sha",
    [
        pytest.param("abc", id="short"),
        pytest.param(SHA + "0", id="long"),
        pytest.param("xyz!" * 16, id="no hexadecimal digits"),
        pytest.param(SHA.upper(), id="capitals, which no computed hash has"),
    ],
)
def test_a_sha256_that_no_file_can_have_is_refused(sha: str) -> None:
    with pytest.raises(ValueError, match=r"'thing' needs a sha256 of 64"):
        load_registry(text_of(entry=ENTRY.replace(SHA, sha)))


@pytest.mark.parametrize("kind", ["ftp", ""])
def test_an_unknown_kind_of_source_is_answered_with_the_kinds_there_are(kind: str) -> None:
    source = SOURCE.replace('"url"', f'"{kind}"', 1)

    with pytest.raises(ValueError, match=rf"'thing': kind '{kind}'") as refusal:
        load_registry(text_of(source=source))

    assert all(known in str(refusal.value) for known in SOURCE_FIELDS)


@pytest.mark.parametrize(("kind", "fields"), SOURCE_FIELDS.items())
def test_a_source_that_lacks_fields_is_answered_with_their_names(kind: str, fields: set[str]) -> None:
    with pytest.raises(ValueError, match=rf"'thing': kind '{kind}'") as refusal:
        load_registry(text_of(source=f'[[file.thing.source]]\nkind = "{kind}"\n'))

    assert all(repr(field) in str(refusal.value) for field in fields)


def test_a_source_with_an_unknown_field_is_refused_by_the_fields_name() -> None:
    with pytest.raises(ValueError, match=r"'thing'.*'colour'"):
        load_registry(text_of(source=SOURCE + 'colour = "red"\n'))


def test_a_role_that_names_no_entry_is_answered_with_the_entries_there_are() -> None:
    with pytest.raises(ValueError, match=r"role 'objects' names \['think'\]") as refusal:
        load_registry(text_of(roles='objects = ["think"]'))

    assert "thing" in str(refusal.value)


@pytest.mark.parametrize("table", ["roles", "file"])
def test_a_registry_without_a_table_is_refused_by_the_tables_name(table: str) -> None:
    lacking = {"roles": f"[file.thing]\n{ENTRY}\n{SOURCE}", "file": "[roles]\nobjects = []\n"}[table]

    with pytest.raises(ValueError, match=rf"\b{table}\b"):
        load_registry(lacking)
