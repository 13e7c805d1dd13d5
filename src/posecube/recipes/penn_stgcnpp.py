r"""Penn Action, ST-GCN++ on 2D joints: one of four streams, see nucla_stgcnpp.

The graph network beside the heatmap networks of penn_joint and penn_limb, on the same store. Coordinates are normalised
to the subject's box.

    posecube import penn-action PATH --store stores/penn
    posecube train penn_stgcnpp --store stores/penn --run runs/penn_joint_stream
    posecube train penn_stgcnpp --store stores/penn --run runs/penn_bone_stream --set model.representation.shows=bones
    posecube evaluate runs/penn_joint_stream --store stores/penn --split test --views 10 --flip --scores stream.npz
    posecube fuse stream.npz volume.npz
"""

from posecube.model import ModelSpec
from posecube.representation import StreamSpec
from posecube.sampling import Augmentation, ClipSpec
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return Recipe(
        name="penn_stgcnpp",
        model=ModelSpec(
            layout="penn13",
            clip=ClipSpec(clip_len=32, space="image", max_people=1, sampler="resample"),
            representation=StreamSpec(shows="joints", with_confidence=True),
            architecture="stgcnpp",
            arguments={"base_channels": 32},
        ),
        augmentation=Augmentation(
            flip=0.5,
            crop_area=(0.7, 1.0),
            crop_aspect=(3 / 4, 4 / 3),
            rotate_deg=6.0,
            trim=0.5,
            trim_share=0.6,
            jitter=0.3,
            jitter_share=0.01,
            guess_hidden=0.3,
        ),
        epochs=40,
        batch_size=16,
        learning_rate=0.05,
        weight_decay=5e-4,
        label_smoothing=0.1,
        threads=1,
    )
