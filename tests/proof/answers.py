"""What can be counted about answers to many photos: what is named, what repeats, what is stated."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import dataclass

from bot.app import App
from bot.settings import read_settings
from models.labels import label
from models.prompt import Prompt, make_prompt
from models.records import Analysis, ChatRules, Language
from models.writers.patterns import Pattern
from models.writers.templates import candidates, fill

FACT_SLOTS = {"people", "color", "color2", "top", "bottom", "hue1", "hue2", "hue3"}
IN_FLIGHT = 8


@dataclass(frozen=True)
class Read:
    """One answered photo, with the pattern behind its comment."""

    name: str
    analysis: Analysis
    prompt: Prompt
    pattern: Pattern | None  # None for the notice that an unsafe photo gets


async def answer_all(work: list[tuple[str, bytes]], language: Language) -> list[Read]:
    """Answer every photo through the whole program."""
    rules = ChatRules(language=language)
    places = asyncio.Semaphore(IN_FLIGHT)
    async with App(read_settings(dotenv=None)) as app:

        async def one(name: str, data: bytes) -> Read:
            async with places:
                answer = await app.answer(data, rules)
            prompt = make_prompt(answer.analysis, rules, "")
            pattern = None if answer.is_unsafe else pattern_of(answer.analysis.comment, prompt)
            return Read(name, answer.analysis, prompt, pattern)

        return await asyncio.gather(*(one(name, data) for name, data in work))


def pattern_of(comment: str, prompt: Prompt) -> Pattern:
    """Return the pattern that a comment came from."""
    return next(pattern for pattern in candidates(prompt) if fill(pattern, prompt) == comment)


def names_a_thing(read: Read) -> bool:
    """Return whether the comment names something spoken that was found."""
    words = [word for thing in read.prompt.things for word in (thing.label.ko, *english(thing.label.id))]
    return any(word.lower() in read.analysis.comment.lower() for word in words)


def english(label_id: int) -> tuple[str, str]:
    """Return the English words of a label, singular and plural."""
    return label(label_id).singular, label(label_id).plural


def share_of_most_used(reads: list[Read]) -> float:
    """Return the share of the photos that the most used sentence skeleton serves."""
    counts = Counter(read.pattern.skeleton for read in reads if read.pattern)
    return counts.most_common(1)[0][1] / len(reads)


COUNT_WORDS = re.compile(
    r"한 분|한 명|두 분|두 명|둘|세 분|셋|네 분|넷|여러 분|여럿"
    r"|혼자|하나|독사진|1인|나란히"
)
MEASURE_WORDS = re.compile(
    r"빛|색|밝|환|어둑|어두|그늘|그림자|따뜻|따스|포근|서늘|시원|차분|선명|또렷|흐릿|부드|흑백|여백|빼곡|오밀조밀"
    r"|가로|세로|네모|정사각|길게|넓|널찍|가까|멀|저만치|조그|작게|큼직|왼쪽|오른쪽|가운데|한복판|위쪽|아래쪽|은은|알록달록|컬러|명암|대비"
)


def states_a_fact(read: Read) -> bool:
    """Return whether a comment states something counted or measured."""
    comment = read.analysis.comment
    is_filled = bool(read.pattern and read.pattern.slots & FACT_SLOTS)
    return is_filled or bool(COUNT_WORDS.search(comment) or MEASURE_WORDS.search(comment))
