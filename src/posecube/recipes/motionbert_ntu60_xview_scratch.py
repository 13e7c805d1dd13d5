r"""NTU RGB+D 60, cross-view: 2D joints of HRNet, MotionBERT, from chance.

Paper: Zhu et al., "MotionBERT: A Unified Perspective on Learning Human Motion Representations", ICCV 2023.
Published: 94.1 % from chance, 97.2 % fine-tuned.
Size: 60.421 M parameters, 370.81 GMACs. Not trained here.

As motionbert_ntu60_xview, without weights to start from; the head learns as fast as the rest.

    posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d
    posecube train motionbert_ntu60_xview_scratch --store stores/ntu60_2d --run runs/motionbert_ntu60_xview_scratch
    posecube evaluate runs/motionbert_ntu60_xview_scratch --store stores/ntu60_2d --split xview_val
"""

from posecube.recipes import motionbert_ntu60_xview
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return motionbert_ntu60_xview.recipe().changed(
        name="motionbert_ntu60_xview_scratch", initial_weights=None, head_factor=1.0
    )
