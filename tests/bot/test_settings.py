"""Settings: from the environment before `.env`, refused by name, all of them in `.env.example`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo

from bot.settings import BadSettings, Settings, read_settings

DEFAULTS = Settings.model_validate({})
EXAMPLE = Path(__file__).parents[2] / ".env.example"
FIELDS = Settings.model_fields.values()
ALIASES = [str(field.alias) for field in FIELDS]


@pytest.fixture
def dotenv(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def test_with_nothing_set_every_setting_has_its_default() -> None:
    settings = read_settings({}, None)

    assert settings == DEFAULTS
    assert (settings.default_language, settings.log_level, settings.is_offline) == ("ko", "WARNING", False)


def test_the_cache_lies_in_the_home_of_whoever_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")

    assert read_settings({}, None).weights_folder == Path("/home/somebody/.cache/chalkak/weights")


def test_the_environment_sets_a_setting() -> None:
    settings = read_settings({"DECODE_WORKERS": "1", "CHALKAK_OFFLINE": "1"}, None)

    assert settings.decode_workers == 1
    assert settings.is_offline


def test_without_arguments_the_process_and_the_working_folder_are_read(
    nothing_in_environment: None, dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dotenv.write_text("QUEUE_PHOTOS=7\n")
    monkeypatch.chdir(dotenv.parent)
    monkeypatch.setenv("DECODE_WORKERS", "3")

    settings = read_settings()

    assert (settings.queue_photos, settings.decode_workers) == (7, 3)


def test_the_file_sets_a_setting(dotenv: Path) -> None:
    dotenv.write_text("# a comment\nDEFAULT_LANGUAGE=en\nPART_SECONDS='2.5'\n")

    settings = read_settings({}, dotenv)

    assert (settings.default_language, settings.part_seconds) == ("en", 2.5)


def test_a_file_in_korean_is_read(dotenv: Path) -> None:
    dotenv.write_text("# 캐시 폴더\nCHALKAK_CACHE=/자료/찰칵\n", encoding="utf-8")

    assert read_settings({}, dotenv).cache == Path("/자료/찰칵")


def test_a_file_that_is_not_there_sets_nothing(dotenv: Path) -> None:
    assert read_settings({}, dotenv) == DEFAULTS


def test_the_environment_goes_before_the_file(dotenv: Path) -> None:
    dotenv.write_text("LOG_LEVEL=DEBUG\n")

    assert read_settings({"LOG_LEVEL": "ERROR"}, dotenv).log_level == "ERROR"


@pytest.mark.parametrize("alias", ALIASES)
def test_an_empty_value_means_the_default(alias: str, dotenv: Path) -> None:
    dotenv.write_text(f"{alias}=\n")

    assert read_settings({alias: ""}, dotenv) == DEFAULTS


def test_an_empty_value_in_the_environment_takes_a_setting_of_the_file_back(dotenv: Path) -> None:
    dotenv.write_text("LOG_LEVEL=DEBUG\n")

    assert read_settings({"LOG_LEVEL": ""}, dotenv).log_level == "WARNING"


def test_what_is_no_setting_is_ignored(dotenv: Path) -> None:
    dotenv.write_text("SOMEBODY_ELSES=1\nlog_level=DEBUG\n")

    assert read_settings({"cache": "/elsewhere", "PATH": "/bin"}, dotenv) == DEFAULTS


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("CHALKAK_OFFLINE", "maybe", "true"),
        ("LOG_LEVEL", "LOUD", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("DECODE_WORKERS", "0", "1"),
        ("DECODE_WORKERS", "9", "8"),
        ("DECODE_WORKERS", "two", "integer"),
        ("CPU_PRECISION", "int8", "'auto', 'f32' or 'bf16'"),
        ("QUEUE_PHOTOS", "0", "1"),
        ("QUEUE_PHOTOS", "1001", "1000"),
        ("PART_SECONDS", "0", "greater than 0"),
        ("PART_SECONDS", "301", "300"),
        ("PART_SECONDS", "nan", "300"),
        ("DEFAULT_LANGUAGE", "fr", "'ko' or 'en'"),
        ("DEFAULT_QUESTIONS", "perhaps", "true"),
        ("DEFAULT_UNSAFE_THRESHOLD", "1.1", "1"),
        ("DEFAULT_UNSAFE_THRESHOLD", "-0.1", "0"),
        ("DEFAULT_UNSAFE_THRESHOLD", "nan", "1"),
    ],
)
def test_a_bad_value_is_named_with_what_is_allowed(name: str, value: str, allowed: str) -> None:
    with pytest.raises(BadSettings, match=rf"{name}='{re.escape(value)}' is not allowed") as refusal:
        read_settings({name: value}, None)

    said = str(refusal.value).split("is not allowed")[1]
    assert allowed in said


def test_every_bad_value_is_named_at_once(dotenv: Path) -> None:
    dotenv.write_text("LOG_LEVEL=LOUD\n")

    with pytest.raises(BadSettings) as refusal:
        read_settings({"DEFAULT_LANGUAGE": "fr"}, dotenv)

    assert [line.split("=")[0] for line in str(refusal.value).splitlines()] == [
        "LOG_LEVEL",
        "DEFAULT_LANGUAGE",
    ]


def test_a_file_in_another_encoding_is_refused_by_its_name(dotenv: Path) -> None:
    dotenv.write_bytes("# 캐시 폴더\nLOG_LEVEL=INFO\n".encode("euc-kr"))

    with pytest.raises(BadSettings, match=r"\.env.*UTF-8"):
        read_settings({}, dotenv)


def test_a_home_of_nobody_is_refused_by_the_settings_name() -> None:
    with pytest.raises(BadSettings, match="CHALKAK_CACHE='~nobody-of-this-name/cache'"):
        read_settings({"CHALKAK_CACHE": "~nobody-of-this-name/cache"}, None).weights_folder  # noqa: B018


def test_the_rules_of_a_new_chat_are_the_defaults_that_were_set() -> None:
    values = {"DEFAULT_QUESTIONS": "no", "DEFAULT_EMOTION": "no", "DEFAULT_UNSAFE_THRESHOLD": "0.5"}

    rules = read_settings({**values, "DEFAULT_LANGUAGE": "en"}, None).rules()

    assert (rules.language, rules.questions, rules.emotion) == ("en", False, False)
    assert rules.unsafe_threshold == 0.5


def test_a_language_that_was_asked_for_goes_before_the_default() -> None:
    assert read_settings({"DEFAULT_LANGUAGE": "en"}, None).rules("ko").language == "ko"


def test_the_example_file_names_every_setting_and_nothing_else() -> None:
    names = re.findall(r"^(\w+)=", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)

    assert names == ALIASES


def test_the_example_file_gives_every_setting_its_default() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()

    assert read_settings({}, EXAMPLE) == DEFAULTS
    empty = {line.removesuffix("=") for line in lines if line.endswith("=")}
    assert empty == {field.alias for field in FIELDS if field.default == ""}


@pytest.mark.parametrize("field", FIELDS, ids=ALIASES)
def test_the_example_file_explains_every_setting_in_the_line_above_it(field: FieldInfo) -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()

    place = next(number for number, line in enumerate(lines) if line.startswith(f"{field.alias}="))

    assert lines[place - 1] == f"# {field.description}"
    assert place == 1 or not lines[place - 2].startswith("#")
