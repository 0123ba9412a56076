"""`chalkak try`: photos in, one JSON list out; in processes of their own, with the real models."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from models.weights import Weights
from tests.bot.terminal import Ended, Terminal, cache_of

KEYS = {
    "file", "width", "height", "objects", "faces", "caption", "comment", "unsafe", "annotated", "models",
    "seconds", "degraded",
}  # fmt: skip
HANGUL = re.compile("[가-힣]")
SAMPLES = ("bus", "zidane", "cat")

Sample = Callable[[str], Path]


@pytest.fixture(scope="module")
def terminal(weights: Weights, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    return Terminal(tmp_path_factory.mktemp("try"), cache_of(weights))


@pytest.fixture(scope="module")
def good(terminal: Terminal, sample: Sample) -> Ended:
    """The three samples, with everything logged."""
    photos = [sample(name) for name in SAMPLES]
    return terminal.chalkak("try", *photos, "--json", "--out", "new/marked", LOG_LEVEL="DEBUG")


@pytest.fixture(scope="module")
def answers(good: Ended) -> dict[str, dict[str, Any]]:
    return dict(zip(SAMPLES, json.loads(good.out), strict=True))


@pytest.fixture(scope="module")
def mixed(terminal: Terminal, sample: Sample) -> Ended:
    """Good photos among refused, missing and unreadable ones, and a folder that repeats a name."""
    folder = terminal.folder / "사진들"
    (folder / "inner.jpg").mkdir(parents=True)
    shutil.copy(sample("cat"), folder / "BUS.PNG")
    shutil.copy(sample("cat"), folder / "bus.jpg")
    (folder / "note.txt").write_text("no photo")
    (terminal.folder / "메모.jpg").write_text("사진이 아니에요")
    return terminal.chalkak("try", "메모.jpg", sample("bus"), "missing.jpg", "사진들", "--json")


@pytest.fixture(scope="module")
def mixed_answers(mixed: Ended) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(mixed.out)
    return listed


def counted(answer: dict[str, Any], label: str) -> int:
    return sum(found["label"] == label for found in answer["objects"])


def refusal(answers: list[dict[str, Any]], file: str) -> dict[str, Any]:
    (found,) = [answer for answer in answers if answer["file"] == file]
    return found


def test_good_photos_are_answered_in_order(good: Ended, sample: Sample) -> None:
    files = [answer["file"] for answer in json.loads(good.out)]

    assert files == [str(sample(name)) for name in SAMPLES]
    assert good.code == 0


def test_stdout_is_the_json_and_nothing_else_even_while_everything_is_logged(good: Ended) -> None:
    assert good.out == json.dumps(json.loads(good.out), ensure_ascii=False, indent=2) + "\n"
    assert " DEBUG " in good.err


@pytest.mark.parametrize("name", SAMPLES)
def test_an_answer_has_exactly_the_promised_fields(name: str, answers: dict[str, dict[str, Any]]) -> None:
    answer = answers[name]

    assert answer.keys() == KEYS
    assert all(found.keys() == {"label", "label_ko", "score", "box"} for found in answer["objects"])
    assert all(face.keys() == {"box", "emotion", "score"} for face in answer["faces"])


@pytest.mark.parametrize("name", SAMPLES)
def test_every_box_lies_inside_the_photo(name: str, answers: dict[str, dict[str, Any]]) -> None:
    answer = answers[name]

    for found in (*answer["objects"], *answer["faces"]):
        left, top, right, bottom = found["box"]
        assert 0 <= left < right <= answer["width"]
        assert 0 <= top < bottom <= answer["height"]
        assert 0 < found["score"] <= 1


def test_the_bus_photo_has_a_bus_and_its_passengers(answers: dict[str, dict[str, Any]]) -> None:
    assert counted(answers["bus"], "Bus") == 1
    assert counted(answers["bus"], "Person") >= 3


def test_the_zidane_photo_has_two_people_and_two_faces(answers: dict[str, dict[str, Any]]) -> None:
    assert counted(answers["zidane"], "Person") == 2
    assert len(answers["zidane"]["faces"]) == 2


def test_the_cat_photo_has_a_cat_by_both_its_names(answers: dict[str, dict[str, Any]]) -> None:
    names = [(found["label"], found["label_ko"]) for found in answers["cat"]["objects"]]

    assert names == [("Cat", "고양이")]


@pytest.mark.parametrize("name", SAMPLES)
def test_comment_and_caption_are_korean(name: str, answers: dict[str, dict[str, Any]]) -> None:
    assert HANGUL.search(answers[name]["comment"])
    assert HANGUL.search(answers[name]["caption"])


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_is_missing_from_an_answer_and_the_photo_is_safe(
    name: str, answers: dict[str, dict[str, Any]]
) -> None:
    assert answers[name]["degraded"] == []
    assert 0 <= answers[name]["unsafe"] < 0.5


@pytest.mark.parametrize("name", SAMPLES)
def test_every_stage_says_how_long_it_took(name: str, answers: dict[str, dict[str, Any]]) -> None:
    seconds = answers[name]["seconds"]

    assert {"decode", "measure", "objects", "faces", "unsafe", "write", "draw"} <= seconds.keys()
    assert all(value >= 0 for value in seconds.values())


@pytest.mark.parametrize("name", SAMPLES)
def test_the_models_are_named_with_their_bytes(
    name: str, answers: dict[str, dict[str, Any]], weights: Weights
) -> None:
    roles = ["objects", "faces", "unsafe"] + ["expression"] * (name == "zidane")  # the only large faces
    tags = {weights.registry.role(role)[0].tag for role in roles}

    assert set(answers[name]["models"]) == tags


@pytest.mark.parametrize("name", SAMPLES)
def test_the_marked_copy_is_a_jpeg_of_the_same_size(
    name: str, answers: dict[str, dict[str, Any]], terminal: Terminal, sample: Sample
) -> None:
    path = terminal.folder / answers[name]["annotated"]

    with Image.open(path) as marked, Image.open(sample(name)) as photo:
        assert marked.format == "JPEG"
        assert marked.size == photo.size == (answers[name]["width"], answers[name]["height"])
    assert path.parent == terminal.folder / "new" / "marked"


def test_one_refusal_does_not_stop_the_others_but_shows_in_the_exit_code(mixed: Ended) -> None:
    answered = [answer for answer in json.loads(mixed.out) if "error" not in answer]

    assert len(answered) == 3
    assert mixed.code == 1


def test_a_folder_stands_for_the_photos_in_it_by_name(
    mixed_answers: list[dict[str, Any]], sample: Sample
) -> None:
    assert [answer["file"] for answer in mixed_answers] == [
        "메모.jpg", str(sample("bus")), "missing.jpg",
        "사진들/BUS.PNG", "사진들/bus.jpg", "사진들/inner.jpg",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("메모.jpg", "사진 파일이 아닌 것 같아요"),
        ("missing.jpg", "그런 파일이 없어요"),
        ("사진들/inner.jpg", "이 폴더에는 읽을 수 있는 사진이 없어요"),
    ],
)
def test_a_file_that_is_refused_is_explained_in_korean(
    file: str, said: str, mixed_answers: list[dict[str, Any]]
) -> None:
    answer = refusal(mixed_answers, file)

    assert answer.keys() == {"file", "error"}
    assert said in answer["error"]


def test_photos_of_one_name_get_marked_copies_of_their_own(
    mixed_answers: list[dict[str, Any]], terminal: Terminal
) -> None:
    copies = {answer["annotated"] for answer in mixed_answers if "error" not in answer}
    sizes = []
    for copy in sorted(copies):
        with Image.open(terminal.folder / copy) as marked:
            sizes.append(marked.size)

    assert len(copies) == 3
    assert all(Path(copy).parent == Path("chalkak-out") for copy in copies)
    assert sorted(sizes) == [(451, 300), (451, 300), (810, 1080)]


def test_english_is_spoken_where_it_is_asked_for(terminal: Terminal, sample: Sample) -> None:
    ended = terminal.chalkak("try", sample("zidane"), "missing.jpg", "--json", "--lang", "en")

    answer, missing = json.loads(ended.out)
    said = [answer["comment"], answer["caption"], missing["error"]]
    assert all(said)
    assert not [text for text in said if HANGUL.search(text)]


def test_without_json_a_person_reads_what_was_found_and_where_the_copy_lies(
    terminal: Terminal, sample: Sample
) -> None:
    ended = terminal.chalkak("try", sample("cat"), "missing.jpg")

    assert "고양이" in ended.out
    assert f"표시한 사진: {Path('chalkak-out/chelsea-marked.jpg')}" in ended.out
    assert "missing.jpg\n  ✗ 그런 파일이 없어요. 경로를 확인해 주세요.\n" in ended.out
    assert ended.code == 1
