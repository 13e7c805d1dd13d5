r"""Penn Action, joint volumes, C3D: the model behind the shipped `penn15-joint` weights.

Official split, 15 classes, 13 joints; trained from scratch on one CPU core.

    posecube import penn-action PATH --store stores/penn
    posecube train penn_joint --store stores/penn --run runs/penn_joint \
        --set 'outliers.stores=["stores/nucla", "stores/sbu"]'
    posecube evaluate runs/penn_joint --store stores/penn --split test --views 10 --flip
"""

from posecube.model import ModelSpec
from posecube.representation import VolumeSpec
from posecube.sampling import ROBUST_AUGMENTATION, ClipSpec
from posecube.training.recipe import Outliers, Recipe


def recipe() -> Recipe:
    """The recipe."""
    return Recipe(
        name="penn_joint",
        model=ModelSpec(
            layout="penn13",
            clip=ClipSpec(clip_len=16, size_hw=(40, 40), max_people=1),
            representation=VolumeSpec(shows="joints"),
            architecture="posec3d_c3d",
            arguments={"base_channels": 16},
        ),
        augmentation=ROBUST_AUGMENTATION,
        epochs=30,
        batch_size=16,
        learning_rate=0.05,
        weight_decay=5e-4,
        label_smoothing=0.1,
        outliers=Outliers(
            share=0.2,
            weight=0.5,
            exclude=("throw",),
            frozen=True,
            frozen_exclude=("strum_guitar", "bench_press"),
        ),
        evaluate_every=5,
        threads=1,
    )
