r"""Studio clips of the dark videos' six actions, exact joints: weights to start `dark_dsc3d` from.

Exact joints of 1,800 clips, seen from anywhere, near and far, partly out of the picture; no pixel is rendered.

    python experiments/dark_videos.py --out DIR --studio-store
    posecube train dark_pretrain_studio --store DIR/stores/studio6 --run runs/dark_pretrain_studio
"""

from posecube.recipes import dark_pretrain_penn
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return dark_pretrain_penn.recipe().changed(
        name="dark_pretrain_studio",
        num_classes=6,
        model__clip__size_hw=(24, 24),
        epochs=6,
        evaluate_every=6,
    )
