"""Writes .skeleton files whose bodies are known."""

import numpy as np

FIRST_ID = 72057594037931101  # numbers of neighbouring bodies differ beyond what a float64 holds


def standing_body(num_frames, *, x_m=0.0, motion_m=0.0, wide=1.0, rng=None):
    """Joints (T, 25, 3) of a body 1.6 m high; ``wide`` is its breadth in parts of its height."""
    rng = rng or np.random.default_rng(0)
    joints = np.empty((num_frames, 25, 3))
    joints[..., 0] = x_m + np.linspace(-0.5, 0.5, 25) * 1.6 * wide
    joints[..., 1] = np.linspace(-0.8, 0.8, 25)
    joints[..., 2] = 3.0
    joints[..., 2] += motion_m * np.sin(np.arange(num_frames))[:, None]
    return joints


def colour_of(joints_m):
    """Pixels of a colour camera at the sensor's place."""
    return np.stack(
        [960 + 1060 * joints_m[..., 0] / joints_m[..., 2], 540 - 1060 * joints_m[..., 1] / joints_m[..., 2]], axis=-1
    )


def recording_text(num_frames, bodies, *, tracking=None, newline="\n", precision=9):
    """The text of a file.

    Args:
        num_frames: Of the file.
        bodies: (id, first frame, joints (t, 25, 3)) of each body.
        tracking: Of all joints (25,), 2 if None.
    """
    tracking = np.full(25, 2) if tracking is None else tracking
    lines = [str(num_frames)]
    for frame in range(num_frames):
        here = [(body, joints[frame - first]) for body, first, joints in bodies if 0 <= frame - first < len(joints)]
        lines.append(str(len(here)))
        for body, joints in here:
            lines += [f"{body} 0 1 1 1 1 0 0.02 -0.3 2", "25"]
            lines += _joint_lines(joints, tracking, precision)
    return newline.join(lines) + newline


def _joint_lines(joints, tracking, precision):
    with np.errstate(all="ignore"):
        colour = colour_of(joints)
    for joint in range(25):
        numbers = [*joints[joint], 256.4, 208.5, *colour[joint], 0.1, 0.2, 0.3, 0.4]
        yield " ".join(f"{number:.{precision}g}" for number in numbers) + f" {tracking[joint]}"


def write_clip(folder, name="S001C002P003R002A013", *, num_frames=20, bodies=None, **options):
    """Write a clip's file; one standing body if none are given."""
    folder.mkdir(parents=True, exist_ok=True)
    bodies = [(FIRST_ID, 0, standing_body(num_frames, wide=0.4, motion_m=0.1))] if bodies is None else bodies
    path = folder / f"{name}.skeleton"
    path.write_text(recording_text(num_frames, bodies, **options), newline="")
    return path
