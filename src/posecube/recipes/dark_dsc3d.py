r"""Dark videos (ARID, course subset), DSC3D: denoised skeletons, attention among joints, C3D, pre-trained.

As `dark_joint` with what the paper adds: thresholds for skeletons and joints, the attention layer, and weights that
were trained on more clips: the studio's, whose actions are the same. docs/dark-videos.md has the figures.

    python experiments/dark_videos.py --out DIR --studio-store
    posecube train dark_pretrain_studio --store DIR/stores/studio6 --run runs/dark_pretrain_studio
    posecube train dark_dsc3d --store stores/dark --run runs/dark_dsc3d
    posecube evaluate runs/dark_dsc3d --store stores/dark --split validate --views 4 --flip

From Penn Action's: --set initial_weights=runs/dark_pretrain_penn. Without pre-training: --set initial_weights=null
epochs=30.
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
        initial_weights="runs/dark_pretrain_studio",
        epochs=20,
        evaluate_every=20,
    )
