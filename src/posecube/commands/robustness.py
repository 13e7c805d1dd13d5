"""The command that scores models on skeletons that get worse and worse."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from posecube.commands.terminal import ShowProgress, check_outputs, console, progress_bar
from posecube.commands.videos import clip_videos
from posecube.errors import UserError

if TYPE_CHECKING:
    from jaxtyping import Int64
    from numpy import ndarray

    from posecube.evaluation.robustness.darkness import Darkness
    from posecube.evaluation.robustness.pose_sources import PoseSeries, PoseSource
    from posecube.model import ActionModel, WeightsCard
    from posecube.store import SkeletonStore
    from posecube.video.clip_videos import ClipVideos


def robustness(options: Namespace) -> None:
    """Score models on corrupted joints, on other sources' poses and in the dark, and write a report."""
    from dataclasses import replace

    from posecube.evaluation.robustness.corruptions import find_corruptions
    from posecube.evaluation.robustness.report import areas_table, grid_table, notes_of, write_report
    from posecube.evaluation.robustness.sweep import measure_robustness, some_clips
    from posecube.store import SkeletonStore

    if options.views < 1:
        raise UserError(f"--views must be at least 1, got {options.views}")
    corruptions = find_corruptions(options.corruptions)
    videos = clip_videos(options)
    others = pose_sources(options.poses, own_name=options.own_poses)
    if not (corruptions or others or videos):
        raise UserError("--corruptions none leaves nothing to score: give --poses or --videos")
    store = SkeletonStore.open(options.store)
    whole = store.split(options.split)
    indices = whole if options.clips is None else some_clips(whole, options.clips)
    models = _models(options)
    darkness = _darkness(options, models, videos)
    options.out.mkdir(parents=True, exist_ok=True)
    check_outputs(options.out / "robustness.json")
    with progress_bar(quiet=options.quiet, total=None) as show:
        series, remarks = _dark_poses(options, darkness, videos, store, indices, show)
        result = measure_robustness(
            models, store, indices, (*corruptions, *series), seeds=options.seeds, others=others,
            own_name=options.own_poses, num_views=options.views, flips=options.flip,
            in_bf16=options.precision == "bf16", videos=videos,
            progress=lambda _what, done, of: show("scoring", done, of),
        )  # fmt: skip
    result = replace(result, remarks=remarks)
    written = write_report(result, options.out, where=_where(options, len(indices), of=len(whole)))
    if result.worsenings:
        console.print(areas_table(result))
    if result.grid is not None:
        console.print(grid_table(result.grid))
    for note in notes_of(result):
        console.print(note, soft_wrap=True)
    console.print(f"wrote {', '.join(map(str, written))}", soft_wrap=True)


def _models(options: Namespace) -> dict[str, tuple[ActionModel, WeightsCard]]:
    """The models by what they are called in the report."""
    from posecube.model import ActionModel

    models = {}
    for name, path in zip(short_names(options.weights), options.weights, strict=True):
        model, card = ActionModel.load(path)
        models[name] = model, card.smoothed() if options.steady else card
    return models


def _darkness(
    options: Namespace, models: Mapping[str, tuple[ActionModel, WeightsCard]], videos: ClipVideos | None
) -> Darkness | None:
    """How videos are darkened, where there are some and a model that looks at poses alone.

    Raises:
        UserError: If an option is out of range.
    """
    if videos is None or all(card.model.rgb is not None for _, card in models.values()):
        return None
    from posecube.evaluation.robustness.darkness import Darkness

    return Darkness.of(options.gammas, pose=options.pose, brighten=options.brighten, workers=options.workers)


def _dark_poses(
    options: Namespace,
    darkness: Darkness | None,
    videos: ClipVideos | None,
    store: SkeletonStore,
    indices: Int64[ndarray, " N"],
    show: ShowProgress,
) -> tuple[tuple[PoseSeries, ...], tuple[str, ...]]:
    """Poses in the dark, and what the reader of the report must know of them."""
    if darkness is None or videos is None:
        return (), ()
    from posecube.evaluation.robustness.darkness import darkness_series

    return darkness_series(
        darkness, videos, store, indices, split=options.split, out=options.out / "darkness", progress=show
    )


def _where(options: Namespace, num_clips: int, *, of: int) -> str:
    """What was scored and how, one line."""
    parts = [
        f"split {options.split} of {options.store}",
        f"{num_clips} clips" + ("" if num_clips == of else f" of {of}, drawn with seed 0"),
        f"views: {options.views}",
        *(["mirror images too"] if options.flip else []),
        *(["joints brought to rest"] if options.steady else []),
        *(["in bf16"] if options.precision == "bf16" else []),
    ]
    return ", ".join(parts)


def pose_sources(settings: Sequence[str], *, own_name: str) -> list[PoseSource]:
    """Other stores by their names, from ``NAME=STORE`` texts.

    Raises:
        FileNotFoundError: If a store is not there.
        UserError: If a text is of another form, or two sources have one name.
    """
    from posecube.evaluation.robustness.pose_sources import PoseSource
    from posecube.store import SkeletonStore

    sources = []
    for setting in settings:
        name, separator, path = setting.partition("=")
        if not (separator and name and path):
            raise UserError(f"--poses expects NAME=STORE, such as rtmpose=stores/rtmpose, got {setting!r}")
        sources.append(PoseSource(name, SkeletonStore.open(path)))
    counts = Counter([own_name, *(source.name for source in sources)])
    if max(counts.values()) > 1:
        raise UserError(
            f"--poses: two sources are called {counts.most_common(1)[0][0]!r}; those of --store are called "
            f"{own_name!r}, --own-poses calls them otherwise"
        )
    return sources


def short_names(weights: Sequence[str]) -> list[str]:
    """What models are called in the report: the last part of their paths where that tells them apart.

    Raises:
        UserError: If a model is given twice.
    """
    if len(set(weights)) < len(weights):
        raise UserError(f"each model may be named once, got {', '.join(weights)}")
    names = [path.parent.name if path.name == "weights.safetensors" else path.name for path in map(Path, weights)]
    return names if all(names) and len(set(names)) == len(names) else list(weights)
