"""Renders the clips of this folder anew: `python examples/render.py [ACTION...]`."""

import sys
from pathlib import Path

from posecube.video.writer import VideoWriter
from posecube_studio.clip import render_take
from posecube_studio.take import plan_take

FPS = 30
# action -> subject, view, seed, frames (None shows the action whole), (height, width)
CLIPS: dict[str, tuple[int, int, int, int | None, tuple[int, int]]] = {
    "baseball_swing": (6, 0, 1, None, (480, 480)),
    "bowl": (10, 0, 1, None, (480, 480)),
    "clean_and_jerk": (9, 0, 1, None, (480, 480)),
    "golf_swing": (4, 0, 3, None, (480, 480)),
    "jumping_jacks": (0, 1, 0, 126, (480, 480)),
    "pullup": (5, 0, 2, 128, (480, 480)),
    "pushup": (8, 0, 1, 100, (360, 480)),
    "situp": (2, 0, 0, 120, (360, 480)),
    "squat": (1, 2, 4, 110, (480, 480)),
    "tennis_serve": (12, 1, 5, None, (480, 480)),
}


def main(actions: list[str]) -> None:
    """Write the clips of these actions beside this file."""
    for action in actions or list(CLIPS):
        subject, view, seed, num_frames, size_hw = CLIPS[action]
        take = plan_take(action, subject=subject, view=view, seed=seed, num_frames=num_frames, size_hw=size_hw, fps=FPS)
        path = Path(__file__).parent / f"{action}.mp4"
        with VideoWriter(path, size_hw=size_hw, fps=FPS, preset="slow", crf=24) as video:
            for picture in render_take(take):
                video.write(picture.image)


if __name__ == "__main__":
    main(sys.argv[1:])
