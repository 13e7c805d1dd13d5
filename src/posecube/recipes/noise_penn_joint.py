r"""Penn Action under noise, joint volumes, C3D: supervised without any noise; the start of every comparison.

Source: A. Novikova, "Pose-based Action Recognition: Robust Models with Contrastive Loss", tables II and III, whose data
set is NTU RGB+D 60: 90.1 % clean, and at alpha 0.015 5.1 % by supervised and 57.4 % by contrastive training. Here the
same is asked on Penn Action, with a network that a CPU core trains in five minutes. Augmentation moves whole clips and
leaves joints where they are, so that what noise does to a network that never saw any is measured; the shipped
penn_joint has seen it. Figures: docs/robust-training.md.

    posecube import penn-action PATH --store stores/penn
    posecube train noise_penn_joint --store stores/penn --run runs/start
    posecube train noise_penn_joint --store stores/penn --run runs/supervised \
        --set initial_weights=runs/start learning_rate=0.02 epochs=6
    posecube train noise_penn_joint --store stores/penn --run runs/jitter \
        --set initial_weights=runs/start learning_rate=0.02 epochs=6 augmentation.jitter=0.6
    posecube train noise_penn_joint --store stores/penn --run runs/contrast \
        --set initial_weights=runs/start learning_rate=0.02 epochs=3 \
        contrast.instance_weight=1 contrast.group_weight=0.3 contrast.alpha=0.025
    posecube robustness runs/supervised runs/jitter runs/contrast --store stores/penn --split test --out report

Contrast costs two passes a step, hence half the epochs for an equal price. experiments/noise_training.py runs all this
for every input and several seeds.
"""

from posecube.model import ModelSpec
from posecube.representation import VolumeSpec
from posecube.sampling import Augmentation, ClipSpec
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return Recipe(
        name="noise_penn_joint",
        model=ModelSpec(
            layout="penn13",
            clip=ClipSpec(clip_len=16, size_hw=(32, 32), max_people=1),
            representation=VolumeSpec(shows="joints"),
            architecture="posec3d_c3d",
            arguments={"base_channels": 16},
        ),
        augmentation=Augmentation(
            flip=0.5,
            crop_area=(0.56, 1.0),
            crop_aspect=(3 / 4, 4 / 3),
            rotate_deg=6.0,
            trim=0.5,
            trim_share=0.6,
            guess_hidden=0.3,
        ),
        epochs=10,
        batch_size=16,
        learning_rate=0.05,
        weight_decay=5e-4,
        label_smoothing=0.1,
        evaluate_every=5,
        threads=1,
    )
