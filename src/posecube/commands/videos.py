"""Commands that read videos."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from posecube.commands.terminal import check_outputs, console, progress_bar
from posecube.errors import UserError

if TYPE_CHECKING:
    from posecube.video.clip_videos import ClipVideos
    from posecube.video.enhance import Enhancement, Method


def recognize(options: Namespace) -> None:
    """Name the actions in a video."""
    from posecube.recognition.windows import WindowSettings
    from posecube.recognizer import Recognizer
    from posecube.video.reader import open_video

    check_outputs(options.json, options.annotated)
    info = open_video(options.video)
    recognizer = Recognizer.load(*(options.weights or ()), steady=options.steady)
    windows = WindowSettings()
    if options.window is not None:
        windows = WindowSettings(window_s=options.window, step_s=min(windows.step_s, options.window))
    with progress_bar(quiet=options.quiet, total=info.num_frames_estimate) as show:
        recognition = recognizer.recognize(
            options.video,
            pose=options.pose,
            annotated=options.annotated,
            num_views=options.views,
            windows=windows,
            max_people=options.max_people,
            boxes=options.boxes,
            progress=show,
        )
    if options.json:
        recognition.save_json(options.json)
    if not options.quiet:
        from posecube.recognition.report import recognition_table

        console.print(recognition_table(recognition))


def extract(options: Namespace) -> None:
    """Turn folders of videos into a store."""
    from posecube.pose.extraction.extract import extract as extract_videos
    from posecube.progress import progress_bar

    labels = options.labels if options.labels in ("folders", "ntu") else Path(options.labels)
    with progress_bar() as progress:
        report = extract_videos(
            options.paths,
            store=options.store,
            pose=options.pose,
            labels=labels,
            workers=options.workers,
            enhancement=_enhancement(options),
            people=options.people,
            boxes=options.boxes,
            progress=progress,
        )
    console.print(report)


def _enhancement(options: Namespace) -> Enhancement | None:
    """How frames are brightened, None where no option asks for it.

    Raises:
        UserError: If an option is out of range, or there is nothing that it could change.
    """
    from posecube.video.enhance import Enhancement

    method: Method | None = options.enhance or (None if options.gamma is None else "gamma")
    if method is None and (options.constant != 1 or options.average):
        raise UserError("--constant and --average need a way to brighten: give --gamma or --enhance too")
    if method is None:
        return None
    return Enhancement(method, options.gamma, options.constant, average=options.average)


def clip_videos(options: Namespace) -> ClipVideos | None:
    """Where the clips' videos are, if the command line says so.

    Raises:
        FileNotFoundError: If there is no such folder.
        UserError: If the pattern has no place for a clip's name.
    """
    if options.videos is None:
        return None
    from posecube.video.clip_videos import ClipVideos

    return ClipVideos(options.videos, options.video_pattern)
