"""What `posecube studio` does."""

from __future__ import annotations

from argparse import Namespace

from posecube.commands.terminal import console, progress_bar
from posecube.errors import UserError


def studio(options: Namespace) -> None:
    """Render videos of the mannequin, or say what a set of them is."""
    if options.action == "fingerprint":
        from posecube_studio.fingerprint import fingerprint

        with progress_bar(quiet=False, total=None) as show:
            found = fingerprint(options.source, progress=lambda done, of: show("planning", done, of))
        console.print(str(found), soft_wrap=True, highlight=False)
        return
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
    with progress_bar(quiet=options.quiet, total=None) as show:
        report = render_to_folder(
            options.out, chosen, depth=options.depth, flow=options.flow, workers=options.workers,
            progress=lambda done, of: show("rendering", done, of),
        )  # fmt: skip
    console.print(str(report), soft_wrap=True)
