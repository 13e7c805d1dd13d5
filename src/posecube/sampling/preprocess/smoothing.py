"""Temporal smoothing: how much joints shake is read off the clip itself, and filtered out along time.

A joint moves slowly from frame to frame and an estimator's error does not: of all that a clip holds at more than a
quarter of its frame rate nearly everything is error. That gives the error's size; how strongly each joint may then be
smoothed without losing its motion follows from Stein's unbiased estimate of what remains wrong. Clips that do not shake
come out as they went in.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float32, Float64
from numpy import ndarray

FEWEST_FRAMES = 8
# Strengths that are tried; each is about as many frames wide as its fourth root, the strongest ten.
_STRENGTHS = np.array([0.0, *np.geomspace(0.03, 1e4, 12)])
_MEDIAN_OF_NORMAL = 0.6745  # of the absolute value of a standard normal number


def smoothed(
    keypoints: Float32[ndarray, "M T V C"], confidence: Float32[ndarray, "M T V"]
) -> Float32[ndarray, "M T V C"]:
    """The joints where they probably were, given that errors of different frames have nothing to do with each other.

    Every coordinate of every joint of a person is smoothed by a penalty on its acceleration. Errors that last, such as
    a joint taken for another for half a second, stay; so do clips of fewer than 8 frames. Missing joints stay missing
    and tell nothing to their neighbours in time.

    Source: ours. The penalty is Whittaker's (1923), solved by cosine transform as in Garcia, "Robust smoothing of
    gridded data in one and higher dimensions with missing values" (2010); its strength has the least of Stein's risk
    ("Estimation of the mean of a multivariate normal distribution", 1981).
    """
    if keypoints.shape[1] < FEWEST_FRAMES:
        return keypoints
    result = np.empty_like(keypoints)
    for person, (coordinates, confident) in enumerate(zip(keypoints, confidence, strict=True)):
        result[person] = _smoothed_person(coordinates.astype(np.float64), confident > 0)
    return result


def error_sizes(coefficients: Float64[ndarray, "T V C"], seen_often: Bool[ndarray, " V"]) -> Float64[ndarray, " C"]:
    """Standard deviation of the errors along each axis: the usual size of what changes fastest, of all joints.

    Args:
        coefficients: Orthonormal cosine transform along time.
        seen_often: Joints that may be asked.
    """
    fast = coefficients[len(coefficients) // 2 :, seen_often]
    return np.median(np.abs(fast), axis=(0, 1)) / _MEDIAN_OF_NORMAL


def _smoothed_person(coordinates: Float64[ndarray, "T V C"], seen: Bool[ndarray, "T V"]) -> Float64[ndarray, "T V C"]:
    from scipy.fft import dct, idct  # heavy to import, and few models smooth

    seen_often = seen.sum(axis=0) >= FEWEST_FRAMES
    if not seen_often.any():
        return coordinates
    whole = _bridged(coordinates, seen)
    trend = _straight_lines(whole)  # taken out, as a cosine transform takes the ends for mirrors
    coefficients = dct(whole - trend, axis=0, norm="ortho")
    sigma = error_sizes(coefficients, seen_often)
    kept = _kept_fractions(coefficients, sigma)
    smooth = trend + idct(kept * coefficients, axis=0, norm="ortho")
    return np.where((seen & seen_often)[..., None], smooth, coordinates)


def _kept_fractions(
    coefficients: Float64[ndarray, "T V C"], sigma: Float64[ndarray, " C"]
) -> Float64[ndarray, "T V C"]:
    """What the best strength for each coordinate keeps of each coefficient.

    Stein's risk of a filter that keeps the fraction g of a coefficient c: (1 - g)^2 c^2 + 2 g sigma^2, less a constant.
    """
    num_frames = len(coefficients)
    roughness = (2 - 2 * np.cos(np.pi * np.arange(num_frames) / num_frames)) ** 2
    fractions = 1 / (1 + _STRENGTHS[:, None] * roughness)
    left_out = np.einsum("st,tvc->svc", (1 - fractions) ** 2, coefficients**2)
    risk = left_out + 2 * fractions.sum(axis=1)[:, None, None] * sigma**2
    return np.moveaxis(fractions[risk.argmin(axis=0)], -1, 0)


def _bridged(coordinates: Float64[ndarray, "T V C"], seen: Bool[ndarray, "T V"]) -> Float64[ndarray, "T V C"]:
    """Straight lines where a joint is missing, and the nearest coordinates before the first and after the last."""
    if seen.all():
        return coordinates
    whole, times = coordinates.copy(), np.arange(len(coordinates))
    for joint in np.flatnonzero(~seen.all(axis=0) & seen.any(axis=0)):
        known = seen[:, joint]
        for axis in range(coordinates.shape[-1]):
            whole[~known, joint, axis] = np.interp(times[~known], times[known], coordinates[known, joint, axis])
    return whole


def _straight_lines(whole: Float64[ndarray, "T V C"]) -> Float64[ndarray, "T V C"]:
    """The line through each coordinate that has the least squares."""
    times = np.arange(len(whole)) - (len(whole) - 1) / 2
    slopes = np.tensordot(times, whole, axes=(0, 0)) / (times**2).sum()
    return whole.mean(axis=0) + times[:, None, None] * slopes
