"""Frames a second of the whole way, from a video to named actions."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from inputs import write_mannequin_video
from posecube.pose.estimators.loading import load_estimator
from posecube.recognizer import Recognizer
from timing import arguments, show

NUM_FRAMES, SIZE_HW, ENLARGE = 360, (270, 480), 4
METHOD = (
    "Frames a second of Recognizer.recognize (decoding, pose, tracking, sliding windows with the shipped models, for "
    "*_annotated also drawing and encoding the video), better of two runs. The models are loaded before; loading_s is "
    "what that took. processor_ms: time of all cores together a frame, which other programs hardly change. Without a "
    "given video: 360 frames of the mannequin at 1920 x 1080, one person."
)


def measure(video: Path | None = None, *, weights: tuple[str, ...] = (), pose: str = "blazepose") -> dict[str, float]:
    """Speed on a given video, or on one made on the spot.

    Args:
        weights: Names or files of models; the shipped ones when none is given.
    """
    with tempfile.TemporaryDirectory() as folder:
        if video is None:
            video = write_mannequin_video(
                Path(folder) / "bench.mp4", num_frames=NUM_FRAMES, size_hw=SIZE_HW, enlarge=ENLARGE
            )
        start = time.perf_counter()
        recognizer, estimator = Recognizer.load(*weights), load_estimator(pose)
        figures = {"loading_s": time.perf_counter() - start}
        for name, annotated in [("frames_per_s", None), ("frames_per_s_annotated", Path(folder) / "annotated.mp4")]:
            seconds, busy_seconds = [], []
            for _ in range(2):
                start, busy_start = time.perf_counter(), time.process_time()
                recognition = recognizer.recognize(video, pose=estimator, annotated=annotated)
                seconds.append((time.perf_counter() - start) / recognition.num_frames)
                busy_seconds.append((time.process_time() - busy_start) / recognition.num_frames)
            figures[name] = 1 / min(seconds)
            figures[name.replace("frames_per_s", "processor_ms")] = 1e3 * min(busy_seconds)
        return figures


if __name__ == "__main__":
    parser = arguments(METHOD)
    parser.add_argument("video", type=Path, nargs="?", help="default: the mannequin at 1920 x 1080")
    parser.add_argument("--weights", nargs="+", default=(), metavar="NAME|FILE", help="default: the shipped models")
    parser.add_argument("--pose", default="blazepose", help="pose estimator (default: %(default)s)")
    options = parser.parse_args()
    show(measure(options.video, weights=tuple(options.weights), pose=options.pose), METHOD, options.json)
