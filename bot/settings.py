"""Every setting, from the environment and `.env`; the only place that reads either."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from models.records import ChatRules, Language


class BadSettings(Exception):
    """A setting has a value that is not allowed; the message names it and what is."""


class Settings(BaseModel):
    """What an operator may set.  Names in the environment are the aliases; see `.env.example`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    cache: Path = Field(
        Path("~/.cache/chalkak"), alias="CHALKAK_CACHE", description="folder for fetched weights"
    )
    data: Path = Field(
        Path("~/.local/share/chalkak"), alias="CHALKAK_DATA", description="folder for photos and answers"
    )
    is_offline: bool = Field(
        default=False, alias="CHALKAK_OFFLINE", description="never ask any network source"
    )
    log_format: Literal["text", "json"] = Field(
        "text", alias="LOG_FORMAT", description="text, or json for one object a line"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "WARNING", alias="LOG_LEVEL", description="what is logged to stderr: DEBUG, INFO, WARNING or ERROR"
    )
    decode_workers: int = Field(
        2, ge=1, le=8, alias="DECODE_WORKERS", description="processes that decode photos, 1 to 8"
    )
    web_port: int = Field(
        8427, ge=0, le=65535, alias="WEB_PORT", description="port of the local web chat, 0 for any free one"
    )
    waiting_photos: int = Field(
        200,
        ge=1,
        le=10_000,
        alias="WAITING_PHOTOS",
        description="photos that may wait for their answer, 1 to 10000; more are asked to come again",
    )
    disk_reserve_mb: int = Field(
        1000,
        ge=64,
        le=10_000_000,
        alias="DISK_RESERVE_MB",
        description="free megabytes below which no new photo is taken, at least 64",
    )
    photos_per_minute: int = Field(
        10,
        ge=1,
        le=1000,
        alias="PHOTOS_PER_MINUTE",
        description="photos a person may post a minute, 1 to 1000",
    )
    chat_photos_per_minute: int = Field(
        60,
        ge=1,
        le=10_000,
        alias="CHAT_PHOTOS_PER_MINUTE",
        description="photos a chat may post a minute, 1 to 10000",
    )
    discord_token: str = Field(
        "", alias="DISCORD_TOKEN", description="of the Discord bot; none, and Discord is off", repr=False
    )
    dev_guild_id: str = Field(
        "",
        alias="DEV_GUILD_ID",
        pattern=r"^\d*$",
        description="your own Discord server: every photo there is answered",
    )
    discord_api: str = Field("", alias="DISCORD_API", description="address of another Discord API, for tests")
    discord_gateway: str = Field(
        "", alias="DISCORD_GATEWAY", description="address of another Discord gateway, for tests"
    )
    discord_cdn: str = Field(
        "",
        alias="DISCORD_CDN",
        description="host:port that pictures may come from as well, commas between, for tests",
    )
    free_starts: int = Field(
        10,
        ge=1,
        le=1_000_000,
        alias="FREE_STARTS",
        description="starts a day before connecting to Discord is delayed",
    )
    telegram_token: str = Field(
        "", alias="TELEGRAM_TOKEN", description="of the Telegram bot; none, and Telegram is off", repr=False
    )
    telegram_api: str = Field(
        "", alias="TELEGRAM_API", description="address of another Bot API, ends in /bot, for tests"
    )
    telegram_files: str = Field(
        "", alias="TELEGRAM_FILES", description="address of its files, ends in /file/bot, for tests"
    )
    telegram_group_per_minute: int = Field(
        20,
        ge=1,
        le=10_000,
        alias="TELEGRAM_GROUP_PER_MINUTE",
        description="messages that we send to a Telegram group a minute; Telegram allows about 20",
    )
    cpu_precision: Literal["auto", "f32", "bf16"] = Field(
        "auto", alias="CPU_PRECISION", description="auto (bf16 where the CPU has it), f32 or bf16"
    )
    queue_photos: int = Field(
        64, ge=1, le=1000, alias="QUEUE_PHOTOS", description="photos inside the engine at one time, 1 to 1000"
    )
    part_seconds: float = Field(
        15.0, gt=0, le=300, alias="PART_SECONDS", description="deadline of each part of an answer, seconds"
    )
    default_language: Language = Field(
        "ko", alias="DEFAULT_LANGUAGE", description="language of answers: ko or en"
    )
    default_questions: bool = Field(
        default=True, alias="DEFAULT_QUESTIONS", description="whether comments may ask the poster something"
    )
    default_emotion: bool = Field(
        default=True, alias="DEFAULT_EMOTION", description="whether comments may speak of visible expressions"
    )
    default_retention_days: int = Field(
        90, ge=1, le=36_500, alias="DEFAULT_RETENTION_DAYS", description="days that photos are kept"
    )
    default_unsafe_threshold: float = Field(
        0.8,
        ge=0,
        le=1,
        alias="DEFAULT_UNSAFE_THRESHOLD",
        description="unsafe score that hides a photo, 0 to 1",
    )

    @field_validator("cache", "data")
    @classmethod
    def _has_home(cls, value: Path) -> Path:
        try:
            value.expanduser()
        except RuntimeError as error:
            raise ValueError("no such home folder") from error
        return value

    @property
    def weights_folder(self) -> Path:
        """Return the folder for fetched weights."""
        return self.cache.expanduser() / "weights"

    @property
    def data_folder(self) -> Path:
        """Return the folder for photos and answers."""
        return self.data.expanduser().absolute()

    def rules(self, language: Language | None = None) -> ChatRules:
        """Return the rules of a chat that has decided nothing itself."""
        return ChatRules(
            mode="auto",
            language=language or self.default_language,
            questions=self.default_questions,
            emotion=self.default_emotion,
            retention_days=self.default_retention_days,
            unsafe_threshold=self.default_unsafe_threshold,
        )


def read_settings(environ: Mapping[str, str] = os.environ, dotenv: Path | None = Path(".env")) -> Settings:
    """Return the settings; the environment goes before the file, an empty value means the default.

    Raises:
        BadSettings: a value is not allowed.
    """
    try:
        written = dotenv_values(dotenv) if dotenv and dotenv.is_file() else {}
    except UnicodeDecodeError as error:
        raise BadSettings(f"{dotenv} is not UTF-8 text: {error}.  Save it as UTF-8.") from error
    except OSError as error:
        raise BadSettings(f"{dotenv} cannot be read: {error.strerror}.  Mend its permissions.") from error
    values = {name: value for name, value in {**written, **environ}.items() if value}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise BadSettings("\n".join(_line(detail) for detail in error.errors())) from error


def _line(detail: Mapping[str, object]) -> str:
    location = detail["loc"]
    name = location[0] if isinstance(location, tuple) and location else "?"
    allowed = "Input should be true or false" if detail["type"] == "bool_parsing" else detail["msg"]
    return f"{name}={detail['input']!r} is not allowed: {allowed}.  Mend it in .env or the environment."
