r"""Penn Action under noise, small MotionBERT; see noise_penn_joint.

Three levels of 128 channels: a sixth of the lite one, so that a CPU core can train it.

posecube train noise_penn_motionbert --store stores/penn --run runs/motionbert
"""

from posecube.recipes import motionbert_penn
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """motionbert_penn without its jitter, made small."""
    return motionbert_penn.recipe().changed(
        name="noise_penn_motionbert",
        model__clip__clip_len=12,
        model__arguments={
            "base_channels": 128,
            "mlp_ratio": 2,
            "depth": 3,
            "representation_channels": 128,
            "head_channels": 512,
        },
        augmentation__jitter=0.0,
        epochs=12,
        learning_rate=5e-4,
        evaluate_every=5,
    )
