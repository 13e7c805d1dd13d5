"""What `posecube studio` does."""

from __future__ import annotations

from argparse import Namespace

from posecube.commands.terminal import console
from posecube.errors import UserError, extra
from posecube.progress import progress_bar


def studio(options: Namespace) -> None:
    """Render videos of the mannequin, or say what a set of them is."""
    if options.action == "fingerprint":
        _fingerprint(options)
    else:
        _render(options)


def _fingerprint(options: Namespace) -> None:
    with extra("studio", needed_for="`posecube studio`"):
        from posecube_studio.fingerprint import fingerprint

    with progress_bar() as progress:
        found = fingerprint(options.source, progress=progress)
    console.print(str(found), soft_wrap=True, highlight=False)


def _render(options: Namespace) -> None:
    with extra("studio", needed_for="`posecube studio`"):
        from posecube_studio.clips import render_to_folder
        from posecube_studio.sets import order_set

    bystanders = options.bystanders
    if options.people is not None:
        if options.people < 1:
            raise UserError(f"--people must be at least 1, got {options.people}")
        bystanders = options.people - 1
    chosen = order_set(
        options.set,
        actions=options.actions,
        subjects=options.subjects,
        num_views=options.views,
        num_repeats=options.repeats,
        num_frames=options.frames,
        size_hw=options.size,
        fps=options.fps,
        seed=options.seed,
        setup=options.setup,
        conditions=options.conditions,
        dark=options.dark,
        noise=options.noise,
        shutter=options.shutter,
        shake_deg=options.shake,
        occluders=options.occluders,
        bystanders=bystanders,
        kinect_depth=options.kinect,
    )
    with progress_bar(quiet=options.quiet) as progress:
        report = render_to_folder(
            options.out, chosen, depth=options.depth, flow=options.flow, workers=options.workers, progress=progress
        )
    console.print(str(report), soft_wrap=True)
