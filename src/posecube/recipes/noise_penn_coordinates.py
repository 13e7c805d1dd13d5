r"""Penn Action under noise, raw coordinates, SlowOnly on clips of one pixel; see noise_penn_joint.

Source: the contrastive training's report, section III.A; published on NTU RGB+D 60: 87.5 % clean, and at alpha 0.015
53.5 % by supervised and 80.2 % by contrastive training.

    posecube train noise_penn_coordinates --store stores/penn --run runs/coordinates
"""

from posecube.recipes import noise_penn_joint
from posecube.representation import CoordinateSpec
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe; frames as in the report, pixels of its 56 x 56 maps."""
    return noise_penn_joint.recipe().changed(
        name="noise_penn_coordinates",
        model__clip__clip_len=24,
        model__clip__size_hw=(56, 56),
        model__representation=CoordinateSpec(),
        model__architecture="posec3d_slowonly",
        model__arguments={"base_channels": 32, "stage_blocks": [2, 3, 2]},
        epochs=20,
        optimizer="adamw",
        learning_rate=1e-3,
        weight_decay=0.01,
    )
