"""Logging: to stderr, one line per event, event first and then key=value.

No text of people, no tokens, no file names of theirs are ever logged.
"""

from __future__ import annotations

import logging


def set_up_logging(level: str) -> None:
    """Send the log to stderr at a level: DEBUG, INFO, WARNING or ERROR."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
