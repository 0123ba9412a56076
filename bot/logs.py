"""Logging: to stderr, one line per event, event first and then key=value; or one JSON object a line.

No text of people, no file names of theirs are ever logged; what looks like a secret is struck out,
also in lines of libraries.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Literal

SECRETS = re.compile(
    r"bot\d+:[\w-]{30,}"  # Telegram, in addresses
    r"|\d{6,}:[\w-]{30,}"  # Telegram, alone
    r"|[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"  # Discord
    r"|(?<=[?&;,\s]key=)[\w-]{20,}"  # ours, in addresses
    r"|chalkak-\d+=[0-9a-f]{64}"  # the page's cookie
    r"|(?<=Bearer )[\w-]{20,}"
    r"|(?<![\w-])[\w-]{43}(?![\w-])"  # ours, wherever it stands: 32 bytes in base64
)
STRUCK = "***"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]")
FIELD = re.compile(r"(\w+)=(\"[^\"]*\"|'[^']*'|.*?)(?=\s+\w+=|$)", re.DOTALL)

TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class Redacting(logging.Formatter):
    """Formats a line as text without secrets and without characters that move a terminal's cursor."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line."""
        return CONTROL.sub("?", SECRETS.sub(STRUCK, super().format(record)))


class AsJson(Redacting):
    """Formats a line as a JSON object: time, level, logger, event, and each key=value of the event."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line."""
        message = SECRETS.sub(STRUCK, record.getMessage())
        first = FIELD.search(message)
        line: dict[str, str] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": message[: first.start()].strip() if first else message,
        }
        line |= {key: value for key, value in FIELD.findall(message) if key not in line}
        if record.exc_info:
            line["traceback"] = SECRETS.sub(STRUCK, self.formatException(record.exc_info))
        return CONTROL.sub("?", json.dumps(line, ensure_ascii=False))


def set_up_logging(level: str, style: Literal["text", "json"] = "text") -> None:
    """Send the log to stderr at a level: DEBUG, INFO, WARNING or ERROR."""
    handler = logging.StreamHandler()
    handler.setFormatter(AsJson() if style == "json" else Redacting(TEXT))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)  # a line a request tells nothing more
