"""`chalkak run`, and folders that it cannot use: each ends with a sentence that says what to do."""

from __future__ import annotations

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import client
from bot.texts import say
from models.errors import FolderTaken
from models.weights import Weights
from storage.sqlite import open_writer
from tests.bot.running import SECONDS, port_of, running, start
from tests.bot.terminal import Ended, Terminal, cache_of
from tests.bot.web.pages import flat, settings_in


@pytest.fixture
def terminal(weights: Weights, tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, cache_of(weights))


def is_told(ended: Ended, sentence: str) -> None:
    """Check that a command failed with this sentence on stderr and nothing else."""
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.strip() == f"chalkak: {sentence}"


def test_it_tells_its_address_serves_it_and_goes_on_a_signal(terminal: Terminal) -> None:
    data = terminal.folder / "data"
    with running(terminal, data) as service:
        key = (data / "key").read_text().strip()
        assert service.address == f"http://127.0.0.1:{port_of(data)}/?key={key}"
        connection = http.client.HTTPConnection("127.0.0.1", port_of(data), timeout=SECONDS)
        connection.request("GET", f"/?key={key}")
        assert connection.getresponse().status == 303
        connection.close()
        assert service.end(signal.SIGINT) == 0
        out, err = service.rest()

    assert [line.strip() for line in out.splitlines()] == [
        say("ko", "run-web-only"),
        say("ko", "run-stopping"),
        say("ko", "run-stopped"),
    ]
    assert err == ""
    assert not (data / "service.json").exists()
    assert data.stat().st_mode & 0o777 == 0o700


def test_asked_twice_to_stop_it_stops_at_once(terminal: Terminal) -> None:
    folder = terminal.folder / "many"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number}.jpg").write_bytes(flat((number, 90, 9), (1600, 1200)))
    data = terminal.folder / "data"
    with running(terminal, data) as service, start(terminal, "post", "many", "--data", "data") as post:
        assert post.stdout
        post.stdout.readline()
        service.process.send_signal(signal.SIGINT)
        assert service.process.stdout
        said = [service.process.stdout.readline().decode().strip() for _ in range(2)]
        assert said == [say("ko", "run-web-only"), say("ko", "run-stopping")]
        code = service.end(signal.SIGINT)
        post.communicate(timeout=SECONDS)

    assert code in (130, 0)  # 0 where the rest was done before the second signal came
    again = terminal.chalkak("stats", "--data", "data")
    assert again.code == 0


def test_a_second_service_on_a_folder_names_the_first(terminal: Terminal) -> None:
    data = terminal.folder / "data"
    with running(terminal, data) as service:
        ended = terminal.chalkak("run", "--data", "data", WEB_PORT="0")

    is_told(ended, say("ko", "error-folder-taken", pid=str(service.process.pid), folder=str(data)))


def test_a_port_of_another_program_is_named(terminal: Terminal) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = terminal.chalkak("run", "--data", "data", "--port", str(port))

    is_told(ended, say("ko", "error-port-taken", port=str(port)))
    assert terminal.chalkak("stats", "--data", "data").code == 0  # the folder is free again


def test_a_service_that_was_killed_leaves_a_folder_that_anybody_can_use(terminal: Terminal) -> None:
    data = terminal.folder / "data"
    with running(terminal, data) as service:
        service.end(signal.SIGKILL)
        service.rest()
    assert (data / "service.json").exists()

    assert terminal.chalkak("stats", "--data", "data").code == 0
    with running(terminal, data) as again:
        assert again.end() == 0


async def test_a_folder_that_a_program_holds_which_is_no_service_is_told_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "WAIT_SECONDS", 0.3)
    data = tmp_path / "data"
    data.mkdir()
    (data / "owner").write_text("4711\n")
    (data / "service.json").write_text('{"port": 1, "pid": 4712}')  # left behind by another one
    with (data / "owner").open() as owner:
        fcntl.flock(owner, fcntl.LOCK_EX)
        with pytest.raises(FolderTaken) as told:
            async with client.connected(settings_in(tmp_path), "ko"):
                pytest.fail("it is open")

    assert told.value.data == {"folder": str(data), "pid": "4711"}


def test_a_damaged_file_is_named_with_the_way_back(terminal: Terminal) -> None:
    data = terminal.folder / "data"
    data.mkdir()
    (data / "chalkak.db").write_bytes(b"torn to pieces " * 1000)
    for command in ("run", "stats"):
        ended = terminal.chalkak(command, "--data", "data", WEB_PORT="0")

        is_told(ended, say("ko", "error-database-damaged", path=str(data / "chalkak.db")))


def test_a_file_of_a_newer_program_is_left_alone(terminal: Terminal) -> None:
    data = terminal.folder / "data"
    assert terminal.chalkak("stats", "--data", "data").code == 0
    connection = open_writer(data / "chalkak.db")
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('chalkak', '9999_later', 'now')"
    )
    connection.close()
    for command in ("run", "stats"):
        ended = terminal.chalkak(command, "--data", "data", WEB_PORT="0")

        assert (ended.code, ended.out) == (1, "")
        assert "더 새로운 찰칵이 만든" in ended.err
        assert "9999_later" in ended.err
        assert "Traceback" not in ended.err


@pytest.mark.parametrize("data", ["/proc/none", "file", "file/below"])
def test_a_folder_that_cannot_be_used_is_named_with_what_to_do(terminal: Terminal, data: str) -> None:
    (terminal.folder / "file").write_text("no folder")
    for command in ("run", "stats"):
        ended = terminal.chalkak(command, "--data", data, WEB_PORT="0")

        assert (ended.code, ended.out) == (1, "")
        assert ended.err.startswith(
            f"chalkak: 데이터 폴더({(terminal.folder / data).absolute()})를 쓸 수 없어요"
        )
        assert "CHALKAK_DATA" in ended.err


def test_a_folder_of_somebody_elses_is_named_with_what_to_do(terminal: Terminal) -> None:
    data = terminal.folder / "theirs"
    data.mkdir(mode=0o700)
    warm = "say('ko', 'error-foreign')"  # what is read later may not be theirs to read
    leaving = "os.setgid(65534); os.setuid(65534)"
    program = f"import os; from bot.cli import main; from bot.texts import say; {warm}; {leaving}; main()"
    if os.getuid() != 0:  # then it is ours, and may be made unreadable
        data.chmod(0o000)
        program = "from bot.cli import main; main()"
    outside = Path("/tmp") if os.getuid() == 0 else terminal.folder
    done = subprocess.run(
        [sys.executable, "-c", program, "stats", "--data", str(data)],
        cwd=outside,
        env={**os.environ, "HOME": "/tmp", "NO_COLOR": "1"},
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    data.chmod(0o700)

    said = done.stderr.decode()
    assert (done.returncode, done.stdout) == (1, b"")
    assert f"데이터 폴더({data})를 쓸 수 없어요" in said
    assert "Traceback" not in said
