r"""Dark videos (ARID, course subset), joint volumes, C3D: plain PoseConv3D, the base line of `dark_dsc3d`.

150 videos train, 96 validate, 6 classes; docs/dark-videos.md has the figures. Trained from scratch on one CPU core in a
minute or two.

    posecube extract DARK/train --labels DARK/train.txt --store stores/dark \
        --pose yolox-movenet --people surest --enhance clahe
    posecube extract DARK/validate --labels DARK/validate.txt --store stores/dark \
        --pose yolox-movenet --people surest --enhance clahe
    posecube train dark_joint --store stores/dark --run runs/dark_joint
    posecube evaluate runs/dark_joint --store stores/dark --split validate --views 4 --flip
"""

from posecube.model import ModelSpec
from posecube.representation import VolumeSpec
from posecube.sampling import Augmentation, ClipSpec
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return Recipe(
        name="dark_joint",
        num_classes=6,
        model=ModelSpec(
            layout="penn13",
            clip=ClipSpec(clip_len=16, size_hw=(24, 24), max_people=1),
            representation=VolumeSpec(shows="joints"),
            architecture="posec3d_c3d",
            arguments={"base_channels": 16},
        ),
        augmentation=Augmentation(
            flip=0.5,
            crop_area=(0.56, 1.0),
            crop_aspect=(3 / 4, 4 / 3),
            rotate_deg=6.0,
            scale=0.15,
            trim=0.5,
            trim_share=0.7,
            jitter=0.6,
            jitter_share=0.02,
            lose_joints=0.3,
            lose_tracks=0.3,
            lose_legs=0.3,
            doubt=0.5,
        ),
        train_split="train",
        test_split="validate",
        epochs=30,
        batch_size=16,
        learning_rate=0.05,
        weight_decay=5e-4,
        label_smoothing=0.1,
        warmup_steps=20,
        evaluate_every=30,
        threads=1,
    )
