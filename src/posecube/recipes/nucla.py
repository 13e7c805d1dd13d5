"""Northwestern-UCLA, cross-view: views 1 and 2 train, view 3 tests; 3D joints of the Kinect, 20 of one person."""

from __future__ import annotations

from posecube.model import ModelSpec
from posecube.networks.gcn import CtrgcnSpec, StgcnppSpec
from posecube.networks.posec3d import PoseC3DSpec
from posecube.recipes.entry import RecipeEntry
from posecube.representation import StreamSpec, VolumeSpec
from posecube.sampling import Augmentation, ClipSpec, MapSpace, ResampledTimes, UprightSpace
from posecube.training.objectives import CrossEntropy
from posecube.training.recipe import Recipe


def nucla_joint() -> Recipe:
    """Joint volumes, seen through a virtual camera, and a small C3D."""
    return Recipe(
        name="nucla_joint",
        model=ModelSpec(
            layout="kinect20",
            clip=ClipSpec(
                clip_len=16,
                max_people=1,
                space=MapSpace(size_hw=(48, 48), padding=0.1, yaw_deg=40.0, pitch_deg=10.0, face_subject=True),
            ),
            representation=VolumeSpec(shows="joints"),
            network=PoseC3DSpec(base_channels=16, dropout=0.3),
        ),
        augmentation=Augmentation(
            flip=0.5,
            crop_area=(0.75, 1.0),
            crop_aspect=(3 / 4, 4 / 3),
            trim=0.5,
            trim_fraction=0.7,
            jitter=0.5,
            jitter_fraction=0.01,
            drop_joint_frames=0.3,
            rotate_deg=4.0,
        ),
        train_split="xview_train",
        test_split="xview_val",
        epochs=40,
        batch_size=16,
        learning_rate=0.05,
        weight_decay=5e-4,
        objective=CrossEntropy(label_smoothing=0.1),
        threads=1,
    )


def nucla_limb() -> Recipe:
    """The same with limbs."""
    return nucla_joint().changed(name="nucla_limb", model__representation__shows="limbs")


def nucla_stgcnpp() -> Recipe:
    """3D joints, the subject upright and facing the camera at first."""
    return Recipe(
        name="nucla_stgcnpp",
        model=ModelSpec(
            layout="kinect20",
            clip=ClipSpec(
                clip_len=32,
                max_people=1,
                frames=ResampledTimes(),
                space=UprightSpace(face_subject=True, yaw_deg=25.0, pitch_deg=10.0),
            ),
            representation=StreamSpec(shows="joints"),
            network=StgcnppSpec(base_channels=32),
        ),
        augmentation=Augmentation(scale=0.1, trim=0.7, trim_fraction=0.6, jitter=0.2, jitter_fraction=0.01),
        train_split="xview_train",
        test_split="xview_val",
        epochs=40,
        batch_size=16,
        learning_rate=0.05,
        weight_decay=5e-4,
        objective=CrossEntropy(label_smoothing=0.1),
        threads=1,
    )


def nucla_ctrgcn() -> Recipe:
    """The same with channel-wise topologies."""
    return nucla_stgcnpp().changed(
        name="nucla_ctrgcn", model__network=CtrgcnSpec(base_channels=32, num_people=1), epochs=30
    )


RECIPES = {
    "nucla_joint": RecipeEntry(
        title="Northwestern-UCLA, cross-view, joint volumes of projected 3D joints, C3D",
        make=nucla_joint,
        about=(
            "Views 1 and 2 train, view 3 tests. The 3D joints of the Kinect are seen through a virtual camera that "
            "stands where the subject faces at first; training turns it at random. Graph networks read the 3D joints "
            "themselves and reach 92.0 % with one stream (CTR-GCN)."
        ),
        commands=(
            "posecube import nucla PATH --store stores/nucla",
            "posecube train nucla_joint --store stores/nucla --run runs/nucla_joint",
            "posecube evaluate runs/nucla_joint --store stores/nucla --split xview_val --views 10",
        ),
    ),
    "nucla_limb": RecipeEntry(
        title="Northwestern-UCLA, cross-view, limb volumes of projected 3D joints; see nucla_joint",
        make=nucla_limb,
        commands=("posecube train nucla_limb --store stores/nucla --run runs/nucla_limb",),
    ),
    "nucla_stgcnpp": RecipeEntry(
        title="Northwestern-UCLA, cross-view, ST-GCN++ on 3D joints: one of four streams",
        make=nucla_stgcnpp,
        about=(
            "Views 1 and 2 train, view 3 tests. Published with one stream on all 64 channels: CTR-GCN 92.0 %, four "
            "streams 96.5 %."
        ),
        commands=(
            "posecube import nucla PATH --store stores/nucla",
            "posecube train nucla_stgcnpp --store stores/nucla --run runs/nucla_joint_stream",
            "posecube train nucla_stgcnpp --store stores/nucla --run runs/nucla_bone_stream"
            " --set model.representation.shows=bones",
            "posecube train nucla_stgcnpp --store stores/nucla --run runs/nucla_joint_motion"
            " --set model.clip.space.motion=true",
            "posecube train nucla_stgcnpp --store stores/nucla --run runs/nucla_bone_motion"
            " --set model.representation.shows=bones model.clip.space.motion=true",
            "posecube evaluate runs/nucla_joint_stream --store stores/nucla --split xview_val --views 10"
            " --scores joint.npz",
            "posecube fuse joint.npz bone.npz joint_motion.npz bone_motion.npz",
        ),
    ),
    "nucla_ctrgcn": RecipeEntry(
        title="Northwestern-UCLA, CTR-GCN: as nucla_stgcnpp, with channel-wise topologies",
        make=nucla_ctrgcn,
        commands=("posecube train nucla_ctrgcn --store stores/nucla --run runs/nucla_ctrgcn",),
    ),
}
