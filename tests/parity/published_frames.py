"""The published test frames, written from the description of the rule alone."""

from itertools import pairwise

import numpy as np


def published_frames(num_frames: int, clip_len: int, num_views: int, stream: str) -> list[int]:
    """Frames of all views, one after the other, one number at a time where it can be."""
    rng = np.random.RandomState(255)
    frames: list[int] = []
    for view in range(num_views):
        if stream == "pyskl":
            rng.rand()
            rng.randint(1)
        if num_frames < clip_len:
            start = view if num_frames < num_views else view * num_frames // num_views
            chosen = [start + step for step in range(clip_len)]
        elif num_frames < 2 * clip_len:
            left_out = set(rng.choice(clip_len + 1, num_frames - clip_len, replace=False).tolist())
            chosen = [frame + sum(slot <= frame for slot in left_out) for frame in range(clip_len)]
        else:
            edges = [part * num_frames // clip_len for part in range(clip_len + 1)]
            chosen = [*(np.array(edges[:-1]) + rng.randint([b - a for a, b in pairwise(edges)]))]
        frames += [int(frame) % num_frames for frame in chosen]
    return frames
