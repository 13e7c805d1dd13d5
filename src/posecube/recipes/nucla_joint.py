"""Northwestern-UCLA, cross-view, joint volumes of projected 3D joints, C3D.

Views 1 and 2 train, view 3 tests. The 3D joints of the Kinect are seen through a virtual camera that stands where the
subject faces at first; training turns it at random. Graph networks read the 3D joints themselves and reach 92.0 % with
one stream (CTR-GCN).

    posecube import nucla PATH --store stores/nucla
    posecube train nucla_joint --store stores/nucla --run runs/nucla_joint
    posecube evaluate runs/nucla_joint --store stores/nucla --split xview_val --views 10
"""

from posecube.model import ModelSpec
from posecube.representation import VolumeSpec
from posecube.sampling import ClipSpec
from posecube.sampling.augment.augmentation import Augmentation
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return Recipe(
        name="nucla_joint",
        model=ModelSpec(
            layout="kinect20",
            clip=ClipSpec(
                clip_len=16,
                size_hw=(48, 48),
                max_people=1,
                padding=0.1,
                yaw_deg=40.0,
                pitch_deg=10.0,
                face_subject=True,
            ),
            representation=VolumeSpec(shows="joints"),
            architecture="posec3d_c3d",
            arguments={"base_channels": 16, "dropout": 0.3},
        ),
        augmentation=Augmentation(
            flip=0.5,
            crop_area=(0.75, 1.0),
            crop_aspect=(3 / 4, 4 / 3),
            trim=0.5,
            trim_share=0.7,
            jitter=0.5,
            jitter_share=0.01,
            lose_joints=0.3,
            rotate_deg=4.0,
        ),
        train_split="xview_train",
        test_split="xview_val",
        epochs=40,
        batch_size=16,
        learning_rate=0.05,
        weight_decay=5e-4,
        label_smoothing=0.1,
        threads=1,
    )
