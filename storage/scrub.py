"""Zeros over what SQLite leaves behind: copies of rows in the unused middle of its pages.

`secure_delete` overwrites what is deleted where it lies.  But rows that moved to another page
when theirs was split or merged leave a copy in the old one, outside of every row, which no deletion
reaches; only a VACUUM of the whole file would.  Here the unused bytes of each b-tree page are
overwritten in the file itself.  Nothing reads them, so neither readers nor a crash in the middle mind.

To be called by the only writer, with an empty log; its page cache must be dropped afterwards, or the
old bytes come back with the next change of a page.

Source: the file format, sqlite.org/fileformat2.html, sections 1.5, 1.6 and 1.8.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

HEADER = 100  # bytes of the file's header, on page 1
CELL_POINTER = 2
B_TREE = {2: 12, 5: 12, 10: 8, 13: 8}  # kind of page → bytes of its header
MAP_ENTRY = 5  # bytes in a pointer map: kind, parent
ROOT, INNER = 1, 5  # kinds of pages in a pointer map that are b-trees


def scrub(descriptor: int) -> int:
    """Overwrite the unused bytes of every b-tree page of an auto-vacuum database; return how many.

    `descriptor` is the file, open for reading and writing.
    """
    head = os.pread(descriptor, HEADER, 0)
    size = int.from_bytes(head[16:18], "big")
    size = 65_536 if size == 1 else size
    usable = size - head[20]
    pages = os.fstat(descriptor).st_size // size
    written = 0
    for number in b_trees(descriptor, size, usable, pages):
        start = (number - 1) * size
        page = os.pread(descriptor, size, start)
        for low, high in unused(page, HEADER if number == 1 else 0):
            if any(page[low:high]):
                os.pwrite(descriptor, bytes(high - low), start + low)
                written += high - low
    if written:
        os.fdatasync(descriptor)
    return written


def b_trees(descriptor: int, size: int, usable: int, pages: int) -> Iterator[int]:
    """Yield the numbers of all b-tree pages, as the pointer maps have them; pictures lie elsewhere."""
    yield 1
    entries = usable // MAP_ENTRY
    for number in range(2, pages + 1, entries + 1):  # each map is followed by the pages it knows
        kinds = os.pread(descriptor, entries * MAP_ENTRY, (number - 1) * size)[::MAP_ENTRY]
        for offset, kind in enumerate(kinds, 1):
            if kind in (ROOT, INNER) and number + offset <= pages:
                yield number + offset


def unused(page: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of a b-tree page that belong to no row; `start` is where its header is."""
    if page[start] not in B_TREE:
        return

    def number_at(offset: int) -> int:
        return int.from_bytes(page[offset : offset + 2], "big")

    pointers = start + B_TREE[page[start]] + CELL_POINTER * number_at(start + 3)
    yield pointers, number_at(start + 5) or 65_536
    block = number_at(start + 1)
    while block and block + 4 <= len(page):  # a chain of holes: the next one, bytes of this one
        yield block + 4, block + number_at(block + 2)
        following = number_at(block)
        block = following if following > block else 0  # they lie in order; on a damaged page maybe not
