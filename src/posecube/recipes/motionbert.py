"""MotionBERT, Zhu et al. 2023: NTU RGB+D 60 in 2D, fine-tuned and from scratch; a small one on Penn Action."""

from __future__ import annotations

from posecube.model import ModelSpec
from posecube.networks.motionbert import FULL, LITE
from posecube.recipes.entry import Published, RecipeEntry
from posecube.representation import StreamSpec
from posecube.sampling import Augmentation, ClipSpec, Drift, Preprocess, SpreadFrames, SquareSpace
from posecube.training.objectives import CrossEntropy
from posecube.training.recipe import Recipe

PAPER = 'Zhu et al., "MotionBERT: A Unified Perspective on Learning Human Motion Representations", ICCV 2023'
DRIFT = Drift(rotate_deg=10, scale=0.1, shift=0.1)


def motionbert_ntu60_xsub() -> Recipe:
    """The published backbone, fine-tuned; settings are the public code's."""
    return Recipe(
        name="motionbert_ntu60_xsub",
        model=ModelSpec(
            layout="h36m17",
            clip=ClipSpec(
                clip_len=243,
                max_people=2,
                preprocess=Preprocess(undo_id_switches=True),
                frames=SpreadFrames(),
                space=SquareSpace(padding=1.0),
            ),
            representation=StreamSpec(with_confidence=True, confidence_order="coco17"),
            network=FULL,
        ),
        num_classes=60,
        initial_weights="motionbert.safetensors",
        augmentation=Augmentation(widen=(0.5, 1.5), drift=DRIFT),
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


def motionbert_ntu60_xview() -> Recipe:
    """The same on the other split."""
    return motionbert_ntu60_xsub().changed(
        name="motionbert_ntu60_xview", train_split="xview_train", test_split="xview_val"
    )


def motionbert_ntu60_xsub_scratch() -> Recipe:
    """Without weights to start from; the head learns as fast as the rest."""
    return motionbert_ntu60_xsub().changed(name="motionbert_ntu60_xsub_scratch", initial_weights=None, head_factor=1.0)


def motionbert_ntu60_xview_scratch() -> Recipe:
    """Likewise on the other split."""
    return motionbert_ntu60_xview().changed(
        name="motionbert_ntu60_xview_scratch", initial_weights=None, head_factor=1.0
    )


def motionbert_penn() -> Recipe:
    """The lite size on 16 frames of one person, so that a CPU core can train it."""
    return Recipe(
        name="motionbert_penn",
        model=ModelSpec(
            layout="h36m17",
            clip=ClipSpec(clip_len=16, max_people=1, frames=SpreadFrames(), space=SquareSpace(padding=1.0)),
            representation=StreamSpec(with_confidence=True),
            network=LITE,
        ),
        augmentation=Augmentation(
            flip=0.5,
            widen=(0.5, 1.5),
            drift=DRIFT,
            trim=0.5,
            trim_fraction=0.6,
            jitter=0.3,
            jitter_fraction=0.01,
        ),
        epochs=20,
        batch_size=16,
        optimizer="adamw",
        learning_rate=2e-4,
        weight_decay=0.01,
        gradient_clip=5.0,
        objective=CrossEntropy(label_smoothing=0.1),
        threads=1,
    )


def _commands(name: str, test_split: str, *, tuned: bool) -> tuple[str, ...]:
    import_weights = (
        "posecube weights import MB_release/latest_epoch.bin --architecture motionbert --out motionbert.safetensors"
    )
    return (
        "posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d",
        *((import_weights,) if tuned else ()),
        f"posecube train {name} --store stores/ntu60_2d --run runs/{name}",
        f"posecube evaluate runs/{name} --store stores/ntu60_2d --split {test_split}",
    )


def _published(*, tuned: float, scratch: float) -> tuple[Published, Published]:
    """The two figures of a split, each of them the other one's measure."""
    return Published("the paper", top1=tuned, of="fine-tuned"), Published("the paper", top1=scratch, of="from scratch")


_OTHER_SPLIT = "beside the other split"

RECIPES = {
    "motionbert_ntu60_xsub": RecipeEntry(
        title="NTU RGB+D 60, cross-subject: 2D joints of HRNet, MotionBERT, fine-tuned",
        make=motionbert_ntu60_xsub,
        paper=PAPER,
        published=(
            *_published(tuned=93.0, scratch=87.7),
            Published("the public code's own table", top1=93.0, of="fine-tuned", note=_OTHER_SPLIT),
        ),
        about=(
            "Starts from the published backbone that was trained to lift joints into space; the head is new and learns "
            "ten times as fast. Settings are the public code's: AdamW, batches of 32 at a rate of 0.0001, which every "
            "epoch leaves 99 % of, 300 epochs; 243 frames that spread over the whole clip, joints converted to "
            "Human3.6M's, in a square one to three times as wide as the people (two in testing), which turns, grows "
            "and shifts while the clip runs; confidences in the order of COCO's joints, wherever the joints went. "
            "Three things differ: there the frames of a clip are drawn once before training, a second person who is "
            "absent stands in the frame's middle instead of the square's, and two people who are put back keep each "
            "other's confidences."
        ),
        commands=_commands("motionbert_ntu60_xsub", "xsub_val", tuned=True),
    ),
    "motionbert_ntu60_xview": RecipeEntry(
        title="NTU RGB+D 60, cross-view: 2D joints of HRNet, MotionBERT, fine-tuned",
        make=motionbert_ntu60_xview,
        paper=PAPER,
        published=(
            *_published(tuned=97.2, scratch=94.1),
            Published("the public code's own table", top1=97.2, of="fine-tuned", note=_OTHER_SPLIT),
        ),
        about="As motionbert_ntu60_xsub, on the other split.",
        commands=_commands("motionbert_ntu60_xview", "xview_val", tuned=True),
    ),
    "motionbert_ntu60_xsub_scratch": RecipeEntry(
        title="NTU RGB+D 60, cross-subject: 2D joints of HRNet, MotionBERT, from scratch",
        make=motionbert_ntu60_xsub_scratch,
        paper=PAPER,
        published=tuple(reversed(_published(tuned=93.0, scratch=87.7))),
        about="As motionbert_ntu60_xsub, without weights to start from; the head learns as fast as the rest.",
        commands=_commands("motionbert_ntu60_xsub_scratch", "xsub_val", tuned=False),
    ),
    "motionbert_ntu60_xview_scratch": RecipeEntry(
        title="NTU RGB+D 60, cross-view: 2D joints of HRNet, MotionBERT, from scratch",
        make=motionbert_ntu60_xview_scratch,
        paper=PAPER,
        published=tuple(reversed(_published(tuned=97.2, scratch=94.1))),
        about="As motionbert_ntu60_xview, without weights to start from; the head learns as fast as the rest.",
        commands=_commands("motionbert_ntu60_xview_scratch", "xview_val", tuned=False),
    ),
    "motionbert_penn": RecipeEntry(
        title="Penn Action, MotionBERT of the lite size on 2D joints, from scratch",
        make=motionbert_penn,
        about=(
            "The transformer beside the heatmap networks of penn_joint and the graph network of penn_stgcnpp, on the "
            "same store: 16 frames of one person, so that a CPU core can train it. Published backbones may be its "
            "start, if they are lite ones. Joints are converted, which leaves no hidden ones to impute."
        ),
        commands=(
            "posecube import penn-action PATH --store stores/penn",
            "posecube train motionbert_penn --store stores/penn --run runs/motionbert_penn",
            "posecube train motionbert_penn --store stores/penn --run runs/motionbert_penn_tuned"
            " --set initial_weights=motionbert_lite.safetensors head_factor=10",
            "posecube evaluate runs/motionbert_penn --store stores/penn --split test --views 10 --flip",
        ),
    ),
}
