"""Whatever the bytes: a sound picture or a typed refusal, and never anything else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.decode.policy import Clean
from models.errors import BadPhoto
from tests.inference.hostile import CHANNELS, Chunk, small_png
from tests.inference.photos import busy, outcome, samples, saved

# The same examples on every machine: a failure means that the code has changed.
often = settings(max_examples=150, deadline=None, derandomize=True)
seldom = settings(max_examples=40, deadline=None, derandomize=True)  # times the formats

SAMPLES = samples()
FIRST_BYTES = [
    b"",
    b"\xff\xd8\xff",
    b"\xff\xd8\xff\xe1\x00\x10Exif\x00\x00",
    b"\x89PNG\r\n\x1a\n",
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR",
    b"RIFF\xff\xff\x00\x00WEBP",
    b"RIFF\xff\xff\x00\x00WEBPVP8X\x0a\x00\x00\x00",
    b"GIF89a",
    b"BM",
    b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
    b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif",
]
CHUNKS = [b"PLTE", b"tRNS", b"IDAT"]  # change the pixels
MORE_CHUNKS = [
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"iCCP",
    b"eXIf",
    b"tEXt",
    b"zTXt",
    b"iTXt",
    b"pHYs",
    b"acTL",
    b"fcTL",
    b"fdAT",
    b"IHDR",
    b"IEND",
    b"sBIT",
    b"bKGD",
    b"hIST",
    b"abCD",
]

MODES = [(0, 1), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16)]

Edit = tuple[int, int, bytes]


def edited(data: bytes, edits: list[Edit]) -> bytes:
    """Replace so many bytes at each place by others, the places wrapped into the file."""
    for place, length, new in edits:
        at = place % len(data) if data else 0
        data = data[:at] + new + data[at + length :]
    return data


edits = st.lists(
    st.tuples(st.integers(0, 20_000), st.integers(0, 16), st.binary(max_size=16)),
    min_size=1,
    max_size=6,
)
lengths = st.sampled_from((1, 2, 3, 6, 32, 256, 257, 300, 768, 769)).flatmap(
    lambda length: st.binary(min_size=length, max_size=length)
)
chunks = st.lists(
    st.tuples(st.sampled_from(CHUNKS + MORE_CHUNKS), st.binary(max_size=60) | lengths), max_size=5
)


@often
@given(data=st.binary(max_size=4000))
def test_any_bytes_become_a_picture_or_a_refusal(data: bytes) -> None:
    assert isinstance(outcome(data), Clean | BadPhoto)


@often
@given(first=st.sampled_from(FIRST_BYTES), rest=st.binary(max_size=2000))
def test_any_bytes_behind_the_first_ones_of_a_format_become_a_picture_or_a_refusal(
    first: bytes, rest: bytes
) -> None:
    assert isinstance(outcome(first + rest), Clean | BadPhoto)


@pytest.mark.parametrize("name", SAMPLES)
@seldom
@given(edits=edits)
def test_a_damaged_file_becomes_a_picture_or_a_refusal(name: str, edits: list[Edit]) -> None:
    assert isinstance(outcome(edited(SAMPLES[name], edits)), Clean | BadPhoto)


@pytest.mark.parametrize("name", SAMPLES)
@seldom
@given(data=st.data())
def test_a_file_cut_anywhere_becomes_a_picture_or_a_refusal(name: str, data: st.DataObject) -> None:
    length = data.draw(st.integers(0, len(SAMPLES[name]) - 1))

    assert isinstance(outcome(SAMPLES[name][:length]), Clean | BadPhoto)


@pytest.mark.parametrize("name", SAMPLES)
@seldom
@given(other=st.sampled_from(sorted(SAMPLES)), share=st.floats(0, 1))
def test_one_file_grafted_onto_another_becomes_a_picture_or_a_refusal(
    name: str, other: str, share: float
) -> None:
    one, two = SAMPLES[name], SAMPLES[other]

    grafted = one[: int(len(one) * share)] + two[int(len(two) * share) :]

    assert isinstance(outcome(grafted), Clean | BadPhoto)


@often
@given(mode=st.sampled_from(MODES), chunks=chunks, value=st.binary(min_size=1, max_size=1))
def test_a_png_of_any_chunks_with_good_checksums_becomes_a_picture_or_a_refusal(
    mode: tuple[int, int], chunks: list[Chunk], value: bytes
) -> None:
    color_type, depth = mode
    palette = [(b"PLTE", bytes(range(48)))] if color_type == 3 else []

    data = small_png(
        value * (CHANNELS[color_type] * depth // 8 or 1),
        color_type=color_type,
        depth=depth,
        before=palette + chunks,
    )

    assert isinstance(outcome(data), Clean | BadPhoto)


@often
@given(mode=st.sampled_from(MODES), colors=st.integers(0, 300), alphas=st.integers(0, 600))
def test_a_png_of_any_palette_and_transparency_becomes_a_picture_or_a_refusal(
    mode: tuple[int, int], colors: int, alphas: int
) -> None:
    color_type, depth = mode
    before = [(b"PLTE", b"\x07\x08\x09" * colors), (b"tRNS", b"\x80" * alphas)]

    data = small_png(bytes(8), color_type=color_type, depth=depth, before=before)

    assert isinstance(outcome(data), Clean | BadPhoto)


@often
@given(profile=st.binary(min_size=1, max_size=300))
def test_any_color_profile_costs_nothing(profile: bytes) -> None:
    found = outcome(saved(busy(), "JPEG", icc_profile=profile))

    assert isinstance(found, Clean)
    assert not found.is_partial


@often
@given(block=st.binary(max_size=300), order=st.sampled_from((b"", b"II*\x00\x08\x00\x00\x00", b"MM\x00*")))
def test_any_exif_costs_nothing(block: bytes, order: bytes) -> None:
    found = outcome(saved(busy(), "JPEG", exif=b"Exif\x00\x00" + order + block))

    assert isinstance(found, Clean)
    assert not found.is_partial
