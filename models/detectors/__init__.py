"""Detectors: a list of pictures in, for each the boxes that were found, in the same order.

A detector is handed a session and converts its own network's outputs to `Box`; the sizes it
works at are its own affair, the boxes are pixels of the picture it was given.
"""

from __future__ import annotations

from typing import Protocol

from PIL.Image import Image

from models.records import Box


class Detector(Protocol):
    """Finds things in pictures."""

    def __call__(self, images: list[Image]) -> list[tuple[Box, ...]]:
        """Return the boxes of each RGB picture, best first, in pixels of that picture."""
        ...
