"""Rotation matrices over time: columns are the turned axes, angles are radians, any leading axes."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from numpy import ndarray

_AXES = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}


def about(axis: str, angle: Float[ndarray, "*T"] | float) -> Float[ndarray, "*T 3 3"]:
    """Turn about a coordinate axis, right-handed: about y a quarter turn takes z to x."""
    angle = np.asarray(angle, dtype=np.float64)
    first, second = _AXES[axis]
    matrix = np.zeros((*angle.shape, 3, 3))
    matrix[..., :, :] = np.eye(3)
    cosine, sine = np.cos(angle), np.sin(angle)
    matrix[..., first, first] = matrix[..., second, second] = cosine
    matrix[..., second, first] = sine
    matrix[..., first, second] = -sine
    return matrix


def trunk_turn(forward: ndarray, sideways: ndarray, turn: ndarray) -> Float[ndarray, "*T 3 3"]:
    """A turn to the left about y, then a bend forward (y towards z), then a lean to the left (y towards x)."""
    return about("y", turn) @ about("x", forward) @ about("z", -np.asarray(sideways))


def frame_from(y_axis: Float[ndarray, "*T 3"], z_near: Float[ndarray, "*T 3"]) -> Float[ndarray, "*T 3 3"]:
    """The frame whose y is given exactly and whose z lies as near as it can to another direction."""
    y_axis = unit(y_axis)
    z_axis = unit(z_near - (z_near * y_axis).sum(-1, keepdims=True) * y_axis)
    return np.stack([np.cross(y_axis, z_axis), y_axis, z_axis], axis=-1)


def unit(vector: Float[ndarray, "*T 3"]) -> Float[ndarray, "*T 3"]:
    """The direction of a vector; a zero vector stays zero."""
    return vector / np.maximum(np.linalg.norm(vector, axis=-1, keepdims=True), 1e-12)


def transposed(matrix: Float[ndarray, "*T 3 3"]) -> Float[ndarray, "*T 3 3"]:
    """The inverse of a rotation."""
    return np.swapaxes(matrix, -1, -2)


def turned(matrix: Float[ndarray, "*T 3 3"], vector: Float[ndarray, "*T 3"]) -> Float[ndarray, "*T 3"]:
    """A vector given in a frame's axes, in the axes the frame is given in."""
    return np.einsum("...ij,...j->...i", matrix, vector)
