"""`chalkak backup`, `restore`, `export` and `stats` as an operator uses them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.cli import client, keep
from bot.texts import say
from models.weights import Weights
from tests.bot.running import Running, running
from tests.bot.terminal import Terminal, cache_of
from tests.bot.web.pages import flat, serving, settings_in, small

Sample = Callable[[str], Path]
POSTED = 3


@pytest.fixture(scope="module")
def terminal(weights: Weights, sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A shell beside a data folder with three photos, and one backup of it."""
    folder = tmp_path_factory.mktemp("keep")
    (folder / "photos").mkdir()
    (folder / "photos" / "cat.jpg").write_bytes(small(sample("cat")))
    for number in range(POSTED - 1):
        (folder / "photos" / f"{number}.jpg").write_bytes(flat((number * 90, 60, 9)))
    found = Terminal(folder, cache_of(weights))
    ended = found.chalkak("post", "photos", "--text", "보관할 이야기", "--data", "data")
    assert ended.code == 0, ended
    return found


@pytest.fixture(scope="module")
def backup(terminal: Terminal) -> Path:
    ended = terminal.chalkak("backup", "--json", "--data", "data")
    assert (ended.code, ended.err) == (0, "")
    made = json.loads(ended.out)
    assert Path(made["path"]).stat().st_size == made["bytes"]
    return Path(made["path"])


@pytest.fixture
def service(terminal: Terminal) -> Iterator[Running]:
    with running(terminal, terminal.folder / "data") as found:
        yield found


def copied(terminal: Terminal, name: str) -> Path:
    """Return a copy of the data folder, for a test that damages it."""
    return Path(shutil.copytree(terminal.folder / "data", terminal.folder / name))


def test_a_backup_is_whole_and_listed(terminal: Terminal, backup: Path) -> None:
    verified = terminal.chalkak("restore", str(backup), "--verify", "--json", "--data", "data")
    listed = terminal.chalkak("restore", "--list", "--json", "--data", "data")

    assert verified.code == 0
    found = json.loads(verified.out)
    assert (found["photos"], found["pictures"], found["restored"]) == (POSTED, POSTED, False)
    assert str(backup) in json.loads(listed.out)
    assert backup.parent == terminal.folder / "data-backups"


def test_people_are_told_in_sentences(terminal: Terminal, backup: Path) -> None:
    ended = terminal.chalkak("restore", "--verify", "--data", "data")

    assert ended.out.strip() == say("ko", "restore-verified", path=str(backup), photos=POSTED)
    assert str(backup) in terminal.chalkak("restore", "--list", "--data", "data").out


def test_a_backup_that_is_not_whole_is_told_and_nothing_is_changed(terminal: Terminal, backup: Path) -> None:
    data = copied(terminal, "kept")
    broken = terminal.folder / "broken.db"
    broken.write_bytes(backup.read_bytes()[:-20_000])
    before = (data / "chalkak.db").read_bytes()
    for path in (broken, terminal.folder / "photos" / "cat.jpg", terminal.folder / "none.db"):
        for options in ((), ("--verify",)):
            ended = terminal.chalkak("restore", str(path), *options, "--data", "kept")

            assert (ended.code, ended.out) == (1, "")
            said = f"이 백업({path})은 온전하지 않아요" if path.exists() else f"백업 파일이 없어요: {path}"
            assert said in ended.err
            assert "restore --list" in ended.err
    assert (data / "chalkak.db").read_bytes() == before


def test_a_restore_brings_photos_back_and_keeps_what_it_replaces(terminal: Terminal, backup: Path) -> None:
    data = copied(terminal, "broken")
    (data / "chalkak.db").write_bytes(b"no database" * 1000)
    said = terminal.chalkak("stats", "--data", "broken")
    restored = terminal.chalkak("restore", str(backup), "--json", "--data", "broken")
    after = json.loads(terminal.chalkak("stats", "--json", "--data", "broken").out)

    assert (said.code, said.out) == (1, "")
    assert say("ko", "error-database-damaged", path=str(data / "chalkak.db")) in said.err
    found = json.loads(restored.out)
    assert Path(found["replaced"]).read_bytes() == b"no database" * 1000
    assert after["states"] == {"answered": POSTED}


def test_without_any_backup_it_says_where_it_looked(terminal: Terminal) -> None:
    ended = terminal.chalkak("restore", "--data", "fresh")

    assert ended.code == 1
    assert "fresh-backups" in ended.err


def test_a_restore_while_the_service_runs_is_refused(
    terminal: Terminal, backup: Path, service: Running
) -> None:
    ended = terminal.chalkak("restore", str(backup), "--data", "data")

    assert (ended.code, ended.out) == (1, "")
    folder = str(terminal.folder / "data")
    assert say("ko", "error-folder-taken", pid=str(service.process.pid), folder=folder) in ended.err


def test_a_backup_while_the_service_runs_goes_through_it(terminal: Terminal, service: Running) -> None:
    ended = terminal.chalkak("backup", "mine.db", "--data", "data")
    again = terminal.chalkak("backup", "mine.db", "--data", "data")
    onto_itself = terminal.chalkak("backup", "data/chalkak.db", "--data", "data")

    assert ended.code == 0
    assert str(terminal.folder / "mine.db") in ended.out
    assert terminal.chalkak("restore", "mine.db", "--verify").code == 0
    assert (again.code, onto_itself.code) == (1, 1)
    assert "Traceback" not in again.err + onto_itself.err


def test_a_backup_to_an_impossible_place_says_so(terminal: Terminal) -> None:
    ended = terminal.chalkak("backup", "/proc/none/mine.db", "--data", "data")

    assert (ended.code, ended.out) == (1, "")
    assert "/proc/none/mine.db" in ended.err


def test_an_export_has_every_picture_and_every_line(terminal: Terminal) -> None:
    ended = terminal.chalkak("export", "out/all", "--data", "data")
    folder = terminal.folder / "out" / "all"
    lines = [json.loads(line) for line in (folder / "photos.jsonl").read_text("utf-8").splitlines()]

    assert ended.code == 0
    assert ended.out.strip() == say("ko", "export-done", photos=POSTED, path="out/all")
    assert {line["file"] for line in lines} == {path.name for path in folder.glob("*.jpg")}
    assert len(lines) == POSTED
    for line in lines:
        assert (folder / line["file"]).read_bytes().startswith(b"\xff\xd8")
        assert line["text"] == "보관할 이야기"
        assert line["comment"]
        assert line["place"]["chat"] == "home"
        assert {"id", "seq", "author", "sent_at", "objects", "caption"} <= set(line)


def test_an_export_to_an_impossible_place_says_so(terminal: Terminal) -> None:
    ended = terminal.chalkak("export", "photos/cat.jpg", "--data", "data")

    assert (ended.code, ended.out) == (1, "")
    assert "photos/cat.jpg" in ended.err


def test_figures_are_told_to_people_and_programs(terminal: Terminal) -> None:
    people = terminal.chalkak("stats", "--data", "data")
    program = json.loads(terminal.chalkak("stats", "--json", "--data", "data").out)

    assert people.code == 0
    assert say("ko", "stats-photos", states=f"답한 사진 {POSTED}") in people.out
    assert program["pictures"] == POSTED
    assert program["picture_bytes"] > 0
    assert {"states", "scopes", "people", "free_bytes", "status"} <= set(program)


async def test_a_photo_that_is_deleted_during_an_export_is_left_out_and_the_rest_goes_on(
    weights: Weights, tmp_path: Path
) -> None:
    settings = settings_in(tmp_path)
    async with serving(settings) as page, client.connected(settings, "ko") as found:
        codes = [await page.post("x", flat((number, 3, 3))) for number in range(4)]
        await page.service.store.erase(codes[:1])
        photos = (await found.get("/api/everything"))["photos"]

        class Late(client.Client):
            async def get(self, path: str, **query: str | int) -> dict[str, object]:
                answer: dict[str, object] = await found.get(path, **query)
                await page.service.store.erase(codes[1:2])  # after the list, before its picture
                return answer

        lines: list[str] = []
        count = await keep._write_all(Late(found._session, "ko"), tmp_path, lines.append)

    assert [photo["id"] for photo in photos] == codes[1:]
    assert count == len(lines) == 2
    assert [json.loads(line)["id"] for line in lines] == codes[2:]


@pytest.mark.parametrize(
    "body", [b"[]", b"{", b'"a"', b'{"path": 5}', b'{"path": "a\\u0000b"}', b"\xff", b"1"]
)
async def test_a_backup_request_of_garbage_is_refused(weights: Weights, tmp_path: Path, body: bytes) -> None:
    async with serving(settings_in(tmp_path), is_answering=False) as page:
        said = await page.bare(
            "POST", "/api/backup", {**page.bearer, "Content-Type": "application/json"}, data=body
        )

    assert (said.status, said.document["error"]) == (400, "bad-request")
    assert not list(tmp_path.glob("*-backups/*"))  # noqa: ASYNC240 - it is stopped
