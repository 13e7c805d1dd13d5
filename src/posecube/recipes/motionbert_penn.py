r"""Penn Action, MotionBERT of the lite size on 2D joints, from chance.

The transformer beside the heatmap networks of penn_joint and the graph network of penn_stgcnpp, on the same store: 16
frames of one person, so that a CPU core can train it. Published backbones may be its start, if they are lite ones.
Joints are converted, which leaves nothing of hidden ones to guess.

    posecube import penn-action PATH --store stores/penn
    posecube train motionbert_penn --store stores/penn --run runs/motionbert_penn
    posecube train motionbert_penn --store stores/penn --run runs/motionbert_penn_tuned \
        --set initial_weights=motionbert_lite.safetensors head_factor=10
    posecube evaluate runs/motionbert_penn --store stores/penn --split test --views 10 --flip
"""

from posecube.model import ModelSpec
from posecube.representation import StreamSpec
from posecube.sampling import Augmentation, ClipSpec, Drift
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return Recipe(
        name="motionbert_penn",
        model=ModelSpec(
            layout="h36m17",
            clip=ClipSpec(clip_len=16, space="square", padding=1.0, sampler="spread", max_people=1),
            representation=StreamSpec(with_confidence=True),
            architecture="motionbert",
            arguments={"base_channels": 256, "mlp_ratio": 4},
        ),
        augmentation=Augmentation(
            flip=0.5,
            widen=(0.5, 1.5),
            drift=Drift(rotate_deg=10, scale=0.1, shift=0.1),
            trim=0.5,
            trim_share=0.6,
            jitter=0.3,
            jitter_share=0.01,
        ),
        epochs=20,
        batch_size=16,
        optimizer="adamw",
        learning_rate=2e-4,
        weight_decay=0.01,
        gradient_clip=5.0,
        label_smoothing=0.1,
        threads=1,
    )
