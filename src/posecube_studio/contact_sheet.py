"""One picture of what the studio makes: every action, all cameras, darkness, exact truth, what disturbs a recording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

import cv2
import numpy as np
from jaxtyping import Float, UInt8
from numpy import ndarray

from posecube.skeleton.layouts import COCO17
from posecube.video.drawing.people import DrawnPerson, draw_skeletons
from posecube.video.enhance import gamma_correct
from posecube_studio.clip import render_take
from posecube_studio.colour import depth_colours, flow_wheel, wheel
from posecube_studio.conditions import Conditions
from posecube_studio.render import RenderedFrame
from posecube_studio.take import Take, plan_take
from posecube_studio.tiles import Sheet
from posecube_studio.truth import see_joints
from posecube_studio.viewpoints import Rig

WIDTH_PX = 1800
_COLUMNS = 8
_FINER = 2  # pictures are rendered larger than shown, but those whose grain is to be seen
_WIDE = 9 / 16
_DARKS = (1.0, 1.8, 2.5, 3.2, 4.0)
Image = UInt8[ndarray, "H W 3"]


@dataclass(frozen=True)
class Still:
    """One frame of one clip.

    Attributes:
        at: When, as a share of the clip.
    """

    action: str
    at: float
    subject: int = 0
    seed: int = 0
    view: int = 0
    rig: Rig = "arc"
    fps: int = 10
    conditions: Conditions = field(default=Conditions(noise=0.003))

    def shoot(self, size_hw: tuple[int, int], *, flow: bool = False) -> RenderedStill:
        """Render it."""
        take = plan_take(
            self.action, subject=self.subject, seed=self.seed, view=self.view, rig=self.rig, fps=self.fps,
            size_hw=size_hw, conditions=self.conditions,
        )  # fmt: skip
        index = round(self.at * (take.num_frames - 1))
        return RenderedStill(take, index, next(islice(render_take(take, flow=flow), index, None)))


@dataclass(frozen=True)
class RenderedStill:
    """A rendered frame with its truth."""

    take: Take
    index: int
    picture: RenderedFrame

    @property
    def people(self) -> list[DrawnPerson]:
        """Everybody's exact joints; hidden ones are faint."""
        confidence = see_joints(self.take, self.index, self.picture)
        return [
            DrawnPerson(xy, sure, number)
            for number, (xy, sure) in enumerate(zip(self.take.keypoints_xy[:, self.index], confidence, strict=True))
        ]

    def with_joints(self) -> Image:
        """The picture with everybody's joints drawn in."""
        image = self.picture.image.copy()
        draw_skeletons(image, self.people, layout=COCO17)
        return image


def _filmed_as_usual(action: str, at: float, subject: int, view: int = 0, seed: int = 0) -> Still:
    return Still(action, at, subject, seed, view, rig="usual")


ACTIONS: tuple[Still, ...] = (
    _filmed_as_usual("baseball_pitch", 0.62, 0),
    _filmed_as_usual("baseball_swing", 0.62, 1),
    _filmed_as_usual("bench_press", 0.5, 2),
    _filmed_as_usual("bowl", 0.61, 3),
    _filmed_as_usual("clean_and_jerk", 0.9, 4),
    Still("drink", 0.38, 1, 1),
    Still("eat", 0.38, 14, 2),
    _filmed_as_usual("golf_swing", 0.47, 7),
    Still("handshake", 0.5, 8, 2, view=1),
    Still("hug", 0.48, 6, 3),
    Still("jump", 0.42, 10, 4),
    _filmed_as_usual("jump_rope", 0.37, 11),
    _filmed_as_usual("jumping_jacks", 0.25, 12),
    Still("kick", 0.41, 13, 4),
    Still("phone_call", 0.72, 5, 2, view=1),
    Still("pick_up", 0.48, 3, 3),
    _filmed_as_usual("pullup", 0.24, 0, view=1),
    Still("punch", 0.2, 9, 1),
    Still("push", 0.64, 12, 1),
    _filmed_as_usual("pushup", 0.48, 3),
    Still("run", 0.46, 7, 4),
    Still("sit_down", 0.3, 8, 4),
    _filmed_as_usual("situp", 0.26, 6),
    _filmed_as_usual("squat", 0.24, 15),
    Still("stand_up", 0.42, 9, 6),
    _filmed_as_usual("strum_guitar", 0.1, 13),
    _filmed_as_usual("tennis_forehand", 0.62, 10),
    _filmed_as_usual("tennis_serve", 0.47, 11),
    Still("throw", 0.63, 0, 2),
    Still("turn", 0.3, 10, 3),
    Still("walk", 0.64, 5, 1, view=2),
    Still("wave", 0.28, 4, 5, view=2),
)
"""The most telling moment of each."""

_ARC = Still("tennis_serve", 0.47, 2, 1)
_DARK = Still("kick", 0.41, 13, 4)
_TRUTH = Still("jumping_jacks", 0.15, 9, 3, view=2, fps=15)
_DISTURBED: dict[str, Still] = {
    "motion blur": Still("baseball_swing", 0.52, 2, 1, fps=30, conditions=Conditions(shutter=0.9)),
    "things in the way": Still("drink", 0.4, 3, 2, conditions=Conditions(occluders=2)),
    "bystanders": Still("phone_call", 0.25, 11, 4, conditions=Conditions(bystanders=3)),
    "two people, one hides the other": Still("push", 0.5, 6, 2),
}

Progress = Callable[[int, int], None]


def draw_contact_sheet(*, width: int = WIDTH_PX, progress: Progress | None = None) -> Image:
    """Render everything that the sheet shows, and lay it out.

    Args:
        progress: Called with (rows done, rows in all).
    """
    sheet = Sheet(width=width)
    sheet.title("The studio", "people who act, and everything that a camera cannot say")
    firsts = range(0, len(ACTIONS), _COLUMNS)
    rows: list[Callable[[Sheet], None]] = [partial(_actions, first=first) for first in firsts]
    rows += [_cameras, _darkness, _truth, _disturbances]
    for done, add in enumerate(rows, start=1):
        add(sheet)
        if progress is not None:
            progress(done, len(rows))
    return sheet.image()


def _actions(sheet: Sheet, *, first: int) -> None:
    """One row of them."""
    if first == 0:
        sheet.heading(f"{len(ACTIONS)} actions", "each done differently by everybody, in places that vary")
    side = sheet.tile_width(_COLUMNS)
    some = ACTIONS[first : first + _COLUMNS]
    sheet.row([(moment.action.replace("_", " "), _close_up(moment, side)) for moment in some])


def _close_up(moment: Still, side: int) -> Image:
    """A square around the people: an arc of cameras stands so far away that each of them sees the whole action."""
    if moment.rig == "usual":
        return _shrunk(moment.shoot((_FINER * side, _FINER * side)).picture.image, side, side)
    shot = moment.shoot((2 * _FINER * side, 4 * _FINER * side))
    image, joints = shot.picture.image, shot.take.keypoints_xy[:, shot.index].reshape(-1, 2)
    low, high = joints.min(axis=0), joints.max(axis=0)
    tall = max(float(np.ptp(xy[:, 1])) for xy in shot.take.keypoints_xy.reshape(-1, COCO17.num_joints, 2))
    half = min(max(0.64 * float((high - low).max()), 0.48 * tall), image.shape[0] / 2)
    middle = (low + high) / 2 - np.array([0, 0.07 * half])  # a head reaches above its joints
    left, top = np.rint(np.clip(middle - half, 0, np.array(image.shape[1::-1]) - 2 * half)).astype(int)
    extent = int(2 * half)
    return _shrunk(image[top : top + extent, left : left + extent], side, side)


def _cameras(sheet: Sheet) -> None:
    sheet.heading("Cameras", "three on an arc film one performance; joints are exact, hidden ones faint")
    width = sheet.tile_width(3)
    height = round(width * _WIDE)
    tiles = []
    for view in (1, 0, 2):
        shot = replace(_ARC, view=view).shoot((_FINER * height, _FINER * width))
        caption = ("camera 0, in front", "camera 1, at -45 degrees", "camera 2, at 45 degrees")[view]
        tiles.append((caption, _shrunk(shot.with_joints(), height, width)))
    sheet.row(tiles)


def _darkness(sheet: Sheet) -> None:
    sheet.heading("Darkness", "as recorded, and below gamma-corrected: noise stays, colour is lost")
    width = sheet.tile_width(len(_DARKS))
    height = round(width * _WIDE)
    pictures = [
        replace(_DARK, conditions=Conditions(dark=dark, noise=0.008)).shoot((height, width)).picture.image
        for dark in _DARKS
    ]
    sheet.row([("", picture) for picture in pictures])
    names = ["full light", *(f"dark {dark:g}" for dark in _DARKS[1:])]
    corrected = [gamma_correct(picture, dark) for picture, dark in zip(pictures, _DARKS, strict=True)]
    sheet.row(list(zip(names, corrected, strict=True)))


def _truth(sheet: Sheet) -> None:
    sheet.heading("Exact truth", "of every pixel and every joint")
    width = sheet.tile_width(4)
    height = round(width * _WIDE)
    size_hw = (_FINER * height, _FINER * width)
    shot = _TRUTH.shoot(size_hw, flow=True)
    kinect = replace(_TRUTH, conditions=Conditions(kinect_depth=True)).shoot((height, width)).picture
    picture = shot.picture
    near, far = np.percentile(picture.depth_m[np.isfinite(picture.depth_m)], [1, 97])
    depth, measured = (
        depth_colours(depth_m, near_m=float(near), far_m=float(far))
        for depth_m in (picture.depth_m, kinect.measured_depth_m)
    )
    assert picture.flow_m is not None, "a moment before the last has flow"
    sheet.row(
        [
            ("joints, in 2D and 3D", _shrunk(shot.with_joints(), height, width)),
            ("depth", _shrunk(depth, height, width)),
            ("depth as a Kinect measures it", measured),
            ("scene flow, here right and down", _with_legend(_shrunk(_flow_colours(picture.flow_m), height, width))),
        ]
    )


def _flow_colours(flow_m: Float[ndarray, "H W 3"]) -> Image:
    """Of the motion across; what moves fastest is allowed to saturate, so that slower parts have colours, too."""
    length_m = np.hypot(flow_m[..., 0], flow_m[..., 1])
    return flow_wheel(flow_m[..., :2], full=float(np.nanpercentile(length_m[length_m > 0], 85)))


def _with_legend(image: Image) -> Image:
    """A wheel in the upper right corner."""
    size = image.shape[0] // 4
    margin = size // 4
    image[margin : margin + size, -margin - size : -margin] = _shrunk(wheel(4 * size), size, size)
    return image


def _disturbances(sheet: Sheet) -> None:
    sheet.heading("Conditions", "what makes recordings hard, each as strong as you like")
    width = sheet.tile_width(len(_DISTURBED))
    height = round(width * _WIDE)
    size_hw = (_FINER * height, _FINER * width)
    sheet.row(
        [(name, _shrunk(moment.shoot(size_hw).picture.image, height, width)) for name, moment in _DISTURBED.items()]
    )


def _shrunk(image: Image, height: int, width: int) -> Image:
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA))
