"""``posecube calibrate``: scores that mean what they say, and a threshold for unknown classes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from posecube.commands.options import (
    add_alias,
    add_device,
    add_videos,
    clip_videos,
    files_of_store,
    files_of_weights,
)

if TYPE_CHECKING:
    from posecube.video.clip_videos import ClipVideos

NAME, HELP = "calibrate", "fit a model's temperature and rejection threshold"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A model, a split that did not train it, and the new file."""
    parser.add_argument("weights", metavar="RUN|WEIGHTS")
    parser.add_argument("--store", type=Path, required=True, metavar="DIR")
    parser.add_argument("--split", required=True, metavar="NAME")
    add_videos(parser)
    parser.add_argument("--reject", type=float, default=5.0, metavar="PERCENT", help="of known clips to reject (5)")
    add_alias(parser, "--rejected", dest="reject", type=float)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    parser.add_argument("--half", action="store_true", help="store tensors in 16 bits")
    add_device(parser)


def run(options: argparse.Namespace) -> None:
    """Calibrate what the command line names."""
    calibrate(
        options.weights, store=options.store, split=options.split, out=options.out, videos=clip_videos(options),
        rejected_percent=options.reject, half=options.half, device=options.device,
    )  # fmt: skip


def calibrate(
    weights: str,
    *,
    store: Path,
    split: str,
    out: Path,
    videos: ClipVideos | None = None,
    rejected_percent: float = 5.0,
    half: bool = False,
    device: str = "auto",
) -> None:
    """Fit temperature and rejection threshold, write weights with the new card."""
    import torch

    from posecube.commands.terminal import console
    from posecube.evaluation import measure, score_store
    from posecube.evaluation.calibration import calibrated_card
    from posecube.files import check_output
    from posecube.model.predictor import Predictor
    from posecube.store import SkeletonStore

    check_output(out, inputs=[*files_of_weights([weights]), *files_of_store(store)])
    opened = SkeletonStore.open(store)
    predictor = Predictor.load(weights, device=device)
    plain = predictor.changed(card=predictor.card.updated(temperature=1.0))
    table = score_store(plain, opened, opened.split(split), videos=videos)
    card = calibrated_card(predictor.card, table, rejected_percent=rejected_percent)
    card = card.updated(name=out.stem, scores={**card.scores, f"top1 {split} 1 view": measure(table).top1})
    predictor.model.save(out, card, dtype=torch.float16 if half else torch.float32)
    console.print(
        f"wrote {out}: temperature {card.temperature:.3f}, rejection threshold {card.rejection_threshold:.3f}"
    )
