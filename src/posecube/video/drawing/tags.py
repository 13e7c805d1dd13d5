"""Tags: number, action, score and count of each person, where they hide neither heads, hands, feet nor each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from jaxtyping import Float, UInt8
from numpy import ndarray

from posecube.skeleton.layout import SkeletonLayout
from posecube.video.drawing.panel import (
    BLACK,
    WHITE,
    Canvas,
    Panel,
    letter_size,
    paste,
    person_color,
    rounded_box,
    shortened,
    shown,
    text_mask,
)
from posecube.video.drawing.people import DrawnPerson, drawable

_HEAD, _HAND, _FOOT, _ELSE = 6.0, 4.0, 3.0, 1.5  # what it costs to hide a joint
_HIDDEN_TAG = 12.0  # what it costs to lie wholly on another tag
_LIMB = 0.8  # what it costs to hide the middle of a limb
_NO_SCORE, _NUMBER_ALONE = 0.7, 5.0  # what it costs to leave the score out, and the action too
_STAY = 1.0  # what a change of place costs, so that a tag does not leap to and fro
_SHRINK = 0.012  # of a person's size: so far an edge of the box moves in a frame after a raised hand has gone
_FORGIVE = 0.02  # in each frame a place that was bad gets so much better
_FULL_WIDTH = 0.62  # of the frame: the widest tag

Box = tuple[float, float, float, float]


@dataclass
class TagMemory:
    """What a video's last frames say of good places, for tags to be calm; one for each video.

    Attributes:
        places: Name of the place that each person's tag had in the last frame.
        boxes: The boxes around them.
        costs: Of each place; it rises at once and falls slowly, so that a tag does not dance with the arms.
    """

    places: dict[int, str] = field(default_factory=dict)
    boxes: dict[int, Box] = field(default_factory=dict)
    costs: dict[int, dict[str, float]] = field(default_factory=dict)

    def turned_over(self) -> TagMemory:
        """What is known of the last frame; the memory itself is empty for the next."""
        last = TagMemory(self.places, self.boxes, self.costs)
        self.places, self.boxes, self.costs = {}, {}, {}
        return last

    def remembered(self, person: int, place: str, cost: float) -> float:
        """The cost of a place with what is known of it from before."""
        known = self.costs.get(person, {}).get(place, cost)
        return max(cost, known + _FORGIVE * (cost - known))


@dataclass(frozen=True)
class _Choice:
    """One place for a tag: what it is disliked for by itself, and where the tag's upper left corner is."""

    dislike: float
    name: str
    x: int
    y: int
    tag: Panel

    @property
    def box(self) -> Box:
        height, width = self.tag.size_hw
        return self.x, self.y, self.x + width, self.y + height


def draw_tags(
    image_rgb: UInt8[ndarray, "H W 3"],
    people: Sequence[DrawnPerson],
    *,
    layout: SkeletonLayout,
    memory: TagMemory | None = None,
) -> None:
    """Put each person's tag into the given image: above the head, or below, beside or shorter where that hides less."""
    memory = TagMemory() if memory is None else memory
    before = memory.turned_over()
    size = letter_size(image_rgb.shape[:2], 0.017)
    outlines = [_outline(person, image_rgb.shape, layout) for person in people]
    points = np.concatenate([points for points, _ in outlines] or [np.zeros((0, 2))])
    weights = np.concatenate([weights for _, weights in outlines] or [np.zeros(0)])
    taken: list[Box] = []
    for person, (outline, _) in zip(people, outlines, strict=True):
        if len(outline) == 0:
            continue
        box = memory.boxes[person.id] = _held(outline, before.boxes.get(person.id))
        choices = list(_choices(person, box, size, image_rgb.shape))
        spots = np.array([choice.box for choice in choices], dtype=np.float64)
        hidden = _hidden(spots, 0.3 * size, points, weights) + _covered(spots, taken)
        costs = {
            choice.name: before.remembered(person.id, choice.name, choice.dislike + cost)
            for choice, cost in zip(choices, hidden.tolist(), strict=True)
        }
        last = before.places.get(person.id)
        best = min(choices, key=lambda choice: costs[choice.name] - _STAY * (choice.name == last))
        paste(image_rgb, best.tag, x=best.x, y=best.y)
        taken.append(best.box)
        memory.places[person.id], memory.costs[person.id] = best.name, costs


def _held(outline: Float[ndarray, "n 2"], before: Box | None) -> Box:
    """The box around a person; it grows at once and shrinks slowly."""
    (left, top), (right, bottom) = outline.min(axis=0).tolist(), outline.max(axis=0).tolist()
    if before is None:
        return left, top, right, bottom
    step = _SHRINK * max(right - left, bottom - top)
    return (
        min(left, before[0] + step), min(top, before[1] + step),
        max(right, before[2] - step), max(bottom, before[3] - step),
    )  # fmt: skip


def _choices(person: DrawnPerson, box: Box, size: int, shape: tuple[int, ...]) -> Iterator[_Choice]:
    """Every place for the whole tag, for one without the score, and for one without the action."""
    percent = None if person.score is None else round(100 * person.score)
    widest = round(_FULL_WIDTH * shape[1])
    texts = [("", 0.0, person.label, percent), ("unscored ", _NO_SCORE, person.label, None)]
    texts = texts[: 1 if percent is None else 2] if person.label is not None else []
    for kind, price, label, score in [*texts, ("short ", _NUMBER_ALONE if texts else 0.0, None, None)]:
        tag = _tag(person.id, label, score, person.count, size, widest)
        height, width = tag.size_hw
        for name, dislike, x, y in _places(box, (height, width), size):
            inside_x, inside_y = max(0, min(x, shape[1] - width)), max(0, min(y, shape[0] - height))
            moved = (abs(inside_x - x) * 0.3 + abs(inside_y - y)) / height
            yield _Choice(price + dislike + 0.5 * moved, kind + name, round(inside_x), round(inside_y), tag)


def _places(box: Box, size_hw: tuple[int, int], letter: int) -> Iterator[tuple[str, float, float, float]]:
    """(name, dislike, x, y) of the places around a box, wherever they lie."""
    left, top, right, bottom = box
    height, width = size_hw
    gap = 0.45 * letter
    middle = (left + right - width) / 2
    yield "above", 0.0, middle, top - gap - height
    yield "high above", 1.2, middle, top - 2 * gap - 2 * height
    yield "below", 1.0, middle, bottom + gap
    for part, name in ((0.12, "head"), (0.4, "trunk")):
        y = top + part * (bottom - top) - height / 2
        yield f"right of the {name}", 0.8 + part, right + gap, y
        yield f"left of the {name}", 0.8 + part, left - gap - width, y


def _hidden(
    spots: Float[ndarray, "n 4"], near: float, points: Float[ndarray, "N 2"], weights: Float[ndarray, " N"]
) -> Float[ndarray, " n"]:
    """The weight of the joints under each spot and close around it."""
    left, top, right, bottom = spots.T[:, :, None]
    x, y = points.T
    under = (x > left - near) & (x < right + near) & (y > top - near) & (y < bottom + near)
    return np.asarray(under @ weights)


def _covered(spots: Float[ndarray, "n 4"], taken: Sequence[Box]) -> Float[ndarray, " n"]:
    """How far each spot lies on tags that are there, as a cost."""
    if not taken:
        return np.zeros(len(spots))
    others = np.array(taken, dtype=np.float64)
    low, high = np.maximum(spots[:, None, :2], others[:, :2]), np.minimum(spots[:, None, 2:], others[:, 2:])
    common = np.maximum(high - low + 2, 0).prod(axis=2)
    area = np.maximum((spots[:, 2:] - spots[:, :2]).prod(axis=1), 1)
    return np.asarray(((common > 0) + _HIDDEN_TAG * common / area[:, None]).sum(axis=1))


def _outline(
    person: DrawnPerson, shape: tuple[int, ...], layout: SkeletonLayout
) -> tuple[Float[ndarray, "n 2"], Float[ndarray, " n"]]:
    """Joints, middles of limbs, top of the head and tips of hands and feet in the picture, and what each is worth."""
    points, opacity = drawable(person, shape)
    weights, tips, tip_weights = _worth(layout)
    seen = opacity > 0
    limbs = np.array(layout.limbs)
    tips, tip_weights = tips[seen[tips].all(axis=1)], tip_weights[seen[tips].all(axis=1)]
    limbs = limbs[seen[limbs].all(axis=1)]
    middles = points[limbs].mean(axis=1)
    ends = points[tips[:, 0]] + 0.4 * (points[tips[:, 0]] - points[tips[:, 1]])
    parts, worths = [points[seen], middles, ends], [weights[seen], np.full(len(middles), _LIMB), tip_weights]
    head = seen & (weights == _HEAD)
    if head.any():
        crown = points[head].mean(axis=0) - (0, 0.09 * np.ptp(points[seen], axis=0).max())
        parts.append(crown[None])
        worths.append(np.array([_HEAD]))
    outline, worth = np.concatenate(parts), np.concatenate(worths)
    inside = (outline >= 0).all(axis=1) & (outline < shape[1::-1]).all(axis=1)
    return outline[inside], worth[inside]


@lru_cache(maxsize=16)
def _worth(layout: SkeletonLayout) -> tuple[ndarray, ndarray, ndarray]:
    """What hiding each joint costs; (joint, joint before it) where a hand or a foot sticks out, and their costs."""
    weights = np.full(layout.num_joints, _ELSE)
    index = {joint: number for number, joint in enumerate(layout.joints)}
    for joint, number in index.items():
        if joint.endswith(("wrist", "hand", "thumb", "hand_tip", "pinky", "index")):
            weights[number] = _HAND
        elif joint.endswith(("ankle", "foot", "toe", "heel")):
            weights[number] = _FOOT
        elif joint in ("nose", "head"):
            weights[number] = _HEAD
    tips: list[tuple[int, int]] = []
    costs: list[float] = []
    for side in ("left", "right"):
        for joint, base, cost in (("wrist", "elbow", _HAND), ("ankle", "knee", _FOOT)):
            if {f"{side}_{joint}", f"{side}_{base}"} <= index.keys():
                tips.append((index[f"{side}_{joint}"], index[f"{side}_{base}"]))
                costs.append(cost)
    return weights, np.array(tips, dtype=np.int64).reshape(-1, 2), np.array(costs)


@lru_cache(maxsize=512)
def _tag(person_id: int, label: str | None, percent: int | None, count: int | None, size: int, max_width: int) -> Panel:
    """A coloured badge with the number, beside it the action, and in white how often it was done."""
    space, height = round(size * 0.5), round(size * 1.7)
    number = text_mask(str(person_id), size, bold=True)
    times = None if count is None else text_mask(f"×{count}", size, bold=True)
    badge = max(height, number.shape[1] + 2 * space)
    counter = 0 if times is None else max(height, times.shape[1] + 2 * space)
    words = "" if label is None else _words(label, percent, size, max_width - badge - counter - 3 * space)
    body = text_mask(words, size)
    middle = space + body.shape[1] + (space if counter else round(1.4 * space)) if words else 0
    canvas = Canvas((height, badge + middle + counter))
    canvas.fill(rounded_box(*canvas.size_hw, height / 2), BLACK, opacity=0.72 if middle or counter else 0.0)
    canvas.fill(rounded_box(height, badge, height / 2), person_color(person_id))
    y = (height - number.shape[0]) // 2
    canvas.fill(number, WHITE, x=(badge - number.shape[1]) // 2, y=y)
    canvas.fill(body, WHITE, x=badge + space, y=y)
    if times is not None:
        canvas.fill(rounded_box(height, counter, height / 2), WHITE, x=badge + middle)
        canvas.fill(times, BLACK, x=badge + middle + (counter - times.shape[1]) // 2, y=y)
    return canvas.panel()


def _words(label: str, percent: int | None, size: int, width: int) -> str:
    """The action and its score; where both do not fit, as much of the action as does."""
    action = shown(label)
    whole = action if percent is None else f"{action} {percent}%"
    return whole if shortened(whole, size, max(1, width)) == whole else shortened(action, size, max(1, width))
