r"""Volleyball, group activities: joint volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: 91.3 % in the paper (section 4.4.3), 89.2 % for the graph network beside it.
Size: 0.510 M parameters, 1.25 GMACs. Not trained here.

12 of 20 frames and half the width, 16 channels; all players share a volume, so it costs the same for 1 and for 13. What
the paper leaves out is as on the other data sets, but nothing is mirrored: the classes say left and right. So --flip is
no option in testing either. The paper counts 0.52 M parameters and 1.6 G operations: with the running statistics of its
normalisation the network has 0.517 M numbers, and on the test's maps of 64 x 64 it takes 1.63 GMACs.

    posecube import volleyball PATH --store stores/volleyball
    posecube train slowonly_volleyball_joint --store stores/volleyball --run runs/slowonly_volleyball_joint
    posecube evaluate runs/slowonly_volleyball_joint --store stores/volleyball --split test --views 10 \
        --scores joint.npz
"""

from posecube.recipes import slowonly_ntu60_xsub_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ntu60_xsub_joint.recipe().changed(
        name="slowonly_volleyball_joint",
        model__arguments={"base_channels": 16},
        model__clip__clip_len=12,
        model__clip__max_people=12,
        num_classes=8,
        augmentation__flip=0.0,
        train_split="trainval",
        test_split="test",
    )
