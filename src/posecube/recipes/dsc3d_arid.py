r"""ARID-small, DSC3D at the published size: SlowOnly behind skeleton attention of 10 heads, pre-trained.

Paper: Zheng, "DKC3D: Denoising Skeleton for Action Recognition in the dark"; table I, rows "DSC3D" and "DSC3D
+Pretrain", and table II.
Published: 87.81 % top-1 on its test set and 85.33 % on its validation set; without pre-training 86.25 and 85.11 %;
PoseC3D with joints 84.69 and 82.22 %. The set's lists are not public: 10 of ARID's 11 classes, 750, 320 and 450 videos.
Size: that of SlowOnly and 0.13 M parameters more. Not trained here.

As said in the paper: gamma 2.5, thresholds 0.3 for skeletons and joints, 10 heads, batches of 16, SGD with a rate of
0.2, momentum 0.9 and weight decay 0.0003, 1000 epochs, after training on NTU RGB+D 60. Clips of 48 frames, 56x56 in
training and 64x64 in testing, and the augmentation are PoseConv3D's, which the paper starts from; the cosine is ours.

    posecube extract raw/data --labels raw/list_cvt/ARID_split1_train.txt --store stores/arid \
        --pose rtmpose --people surest --gamma 2.5
    posecube extract raw/data --labels raw/list_cvt/ARID_split1_test.txt --store stores/arid \
        --pose rtmpose --people surest --gamma 2.5
    posecube train slowonly_ntu60_xsub_joint --store stores/ntu60_2d --run runs/dsc3d_ntu60 \
        --set model.architecture=dsc3d
    posecube train dsc3d_arid --store stores/arid --run runs/dsc3d_arid
    posecube evaluate runs/dsc3d_arid --store stores/arid --split ARID_split1_test --views 10 --flip

Without pre-training: --set initial_weights=null.
"""

from posecube.model import ModelSpec
from posecube.representation import VolumeSpec
from posecube.sampling import PUBLISHED_AUGMENTATION, ClipSpec
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return Recipe(
        name="dsc3d_arid",
        num_classes=11,
        model=ModelSpec(
            layout="coco17",
            clip=ClipSpec(
                clip_len=48,
                size_hw=(56, 56),
                test_size_hw=(64, 64),
                stream="pyskl",
                skeleton_threshold=0.3,
                joint_threshold=0.3,
            ),
            representation=VolumeSpec(shows="joints", min_confidence=1e-3),
            architecture="dsc3d",
            arguments={"num_heads": 10},
        ),
        initial_weights="runs/dsc3d_ntu60",
        augmentation=PUBLISHED_AUGMENTATION,
        train_split="ARID_split1_train",
        test_split="ARID_split1_test",
        epochs=1000,
        batch_size=16,
        learning_rate=0.2,
        nesterov=False,
        weight_decay=3e-4,
        decayed="all",
        warmup_steps=0,
        gradient_clip=40.0,
        evaluate_every=50,
    )
