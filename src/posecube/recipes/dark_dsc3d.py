r"""Dark videos (ARID, course subset), DSC3D: denoised skeletons, attention among joints, C3D, pre-trained.

As `dark_joint` with what the paper adds: thresholds for skeletons and joints, the attention layer, and weights that were
trained on a larger set; the head is new. docs/dark-videos.md has the figures.

    posecube train dark_pretrain_penn --store stores/penn --run runs/dark_pretrain_penn
    posecube train dark_dsc3d --store stores/dark --run runs/dark_dsc3d
    posecube evaluate runs/dark_dsc3d --store stores/dark --split validate --views 10 --flip

Without pre-training: --set initial_weights=null epochs=30.
"""

from posecube.recipes import dark_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return dark_joint.recipe().changed(
        name="dark_dsc3d",
        model__clip__skeleton_threshold=0.3,
        model__clip__joint_threshold=0.3,
        model__architecture="dsc3d",
        model__arguments={"backbone": "c3d", "base_channels": 16},
        initial_weights="runs/dark_pretrain_penn",
        epochs=20,
        evaluate_every=20,
    )
