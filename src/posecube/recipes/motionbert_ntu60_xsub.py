r"""NTU RGB+D 60, cross-subject: 2D joints of HRNet, MotionBERT, fine-tuned.

Paper: Zhu et al., "MotionBERT: A Unified Perspective on Learning Human Motion Representations", ICCV 2023.
Published: 93.0 % fine-tuned, 87.7 % from chance; the public code's own table has 93.0 % beside the other split.
Size: 60.421 M parameters, 370.81 GMACs. Not trained here.

Starts from the published backbone that was trained to lift joints into space; the head is new and learns ten times as
fast. Settings are the public code's: AdamW, batches of 32 at a rate of 0.0001, which every epoch leaves 99 % of, 300
epochs; 243 frames that spread over the whole clip, joints converted to Human3.6M's, in a square one to three times as
wide as the people (two in testing), which turns, grows and shifts while the clip runs; confidences in the order of
COCO's joints, wherever the joints went. Three things differ: there the frames of a clip are drawn once before training,
a second person who is absent stands in the frame's middle instead of the square's, and two people who are put back keep
each other's confidences.

    posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d
    posecube weights import MB_release/latest_epoch.bin --architecture motionbert --out motionbert.safetensors
    posecube train motionbert_ntu60_xsub --store stores/ntu60_2d --run runs/motionbert_ntu60_xsub
    posecube evaluate runs/motionbert_ntu60_xsub --store stores/ntu60_2d --split xsub_val
"""

from posecube.model import ModelSpec
from posecube.representation import StreamSpec
from posecube.sampling import Augmentation, ClipSpec, Drift
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return Recipe(
        name="motionbert_ntu60_xsub",
        model=ModelSpec(
            layout="h36m17",
            clip=ClipSpec(clip_len=243, space="square", padding=1.0, sampler="spread", max_people=2, undo_swaps=True),
            representation=StreamSpec(with_confidence=True, confidence_order="coco17"),
            architecture="motionbert",
        ),
        num_classes=60,
        initial_weights="motionbert.safetensors",
        augmentation=Augmentation(widen=(0.5, 1.5), drift=Drift(rotate_deg=10, scale=0.1, shift=0.1)),
        train_split="xsub_train",
        test_split="xsub_val",
        epochs=300,
        batch_size=32,
        reference_batch=32,
        optimizer="adamw",
        learning_rate=1e-4,
        head_factor=10.0,
        weight_decay=0.01,
        decayed="all",
        schedule="exponential",
        epoch_decay=0.99,
        warmup_steps=0,
        gradient_clip=None,
        evaluate_every=1,
    )
