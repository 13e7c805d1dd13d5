r"""Penn Action, the network of `dark_dsc3d`: weights to start it from.

The joints were drawn by people and are all sure: training loses, shakes and doubts them, as an estimator in the dark
does. Maps are larger than those of `dark_dsc3d`: the network does not mind.

    posecube import penn-action PATH --store stores/penn
    posecube train dark_pretrain_penn --store stores/penn --run runs/dark_pretrain_penn
"""

from posecube.recipes import dark_joint
from posecube.sampling import ROBUST_AUGMENTATION
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return dark_joint.recipe().changed(
        name="dark_pretrain_penn",
        num_classes=15,
        model__clip__size_hw=(32, 32),
        model__architecture="dsc3d",
        model__arguments={"backbone": "c3d", "base_channels": 16},
        augmentation=ROBUST_AUGMENTATION,
        train_split="train",
        test_split="test",
        epochs=20,
        warmup_steps=100,
        evaluate_every=10,
    )
