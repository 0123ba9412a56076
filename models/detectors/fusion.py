"""Making one list of boxes out of several looks at the same picture.

A thing must be seen in most looks to keep its score, so what one look imagines fades.  All animals
are one group: a small detector knows that there is an animal long before it knows which, so their
scores are pooled and the likeliest kind gives the name.

Source for averaging boxes by score: Solovyev et al., "Weighted boxes fusion", 2021.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from models.boxes import as_array, iou
from models.labels import label
from models.records import Box

SAME = 0.5  # overlap from which two boxes show one thing
CAT, DOG = 96, 160
PRIOR = {CAT: 2.0, DOG: 2.0}  # in chats an animal is far more often a pet than anything else

Seen = list[tuple[int, Box]]
"""The boxes of one thing, each with the number of the look that saw it."""


def fuse(looks: list[tuple[Box, ...]]) -> tuple[Box, ...]:
    """Return the boxes that several looks agree on, best first.

    `looks` are the boxes of each look, in pixels of the same picture.  The score is the mean over
    all looks, 0 where a look saw nothing.
    """
    fused = [_one(seen, len(looks)) for seen in _clusters(looks)]
    return tuple(sorted(fused, key=lambda box: -box.score))


def _clusters(looks: list[tuple[Box, ...]]) -> list[Seen]:
    """Group boxes that show one thing: overlapping, of one group, one per look and label."""
    seen = sorted(((number, box) for number, boxes in enumerate(looks) for box in boxes), key=_by_score)
    if not seen:
        return []
    overlap = iou(*(as_array([box for _, box in seen]),) * 2)
    clusters: list[list[int]] = []
    for index, (number, box) in enumerate(seen):
        fitting = (
            cluster
            for cluster in clusters
            if overlap[cluster[0], index] > SAME
            and _group(seen[cluster[0]][1]) == _group(box)
            and (number, box.label_id) not in {(seen[i][0], seen[i][1].label_id) for i in cluster}
        )
        home = next(fitting, None)
        if home is None:
            clusters.append([index])
        else:
            home.append(index)
    return [[seen[index] for index in cluster] for cluster in clusters]


def _by_score(seen: tuple[int, Box]) -> float:
    return -seen[1].score


def _group(box: Box) -> str:
    kind = label(box.label_id).kind
    return kind if kind == "animal" else str(box.label_id)


def _one(seen: Seen, looks: int) -> Box:
    """Return one box for one thing: likeliest label, mean score, corners averaged by score."""
    votes: dict[int, float] = defaultdict(float)
    best: dict[int, float] = defaultdict(float)
    for number, box in seen:
        votes[box.label_id] += box.score * PRIOR.get(box.label_id, 1.0)
        best[number] = max(best[number], box.score)
    boxes = [box for _, box in seen]
    corners = np.average(as_array(boxes), axis=0, weights=[box.score for box in boxes])
    label_id = max(votes, key=lambda one: votes[one])
    return Box(label_id, round(sum(best.values()) / looks, 4), *map(float, corners))
