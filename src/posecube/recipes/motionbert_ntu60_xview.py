r"""NTU RGB+D 60, cross-view: 2D joints of HRNet, MotionBERT, fine-tuned.

Paper: Zhu et al., "MotionBERT: A Unified Perspective on Learning Human Motion Representations", ICCV 2023.
Published: 97.2 % fine-tuned, 94.1 % from chance; the public code's own table has 97.2 % beside the other split.
Size: 60.421 M parameters, 370.81 GMACs. Not trained here.

As motionbert_ntu60_xsub, on the other split.

    posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d
    posecube weights import MB_release/latest_epoch.bin --architecture motionbert --out motionbert.safetensors
    posecube train motionbert_ntu60_xview --store stores/ntu60_2d --run runs/motionbert_ntu60_xview
    posecube evaluate runs/motionbert_ntu60_xview --store stores/ntu60_2d --split xview_val
"""

from posecube.recipes import motionbert_ntu60_xsub
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return motionbert_ntu60_xsub.recipe().changed(
        name="motionbert_ntu60_xview", train_split="xview_train", test_split="xview_val"
    )
