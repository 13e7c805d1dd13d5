r"""NTU RGB+D 60, cross-subject: 2D joints of HRNet, MotionBERT, from chance.

Paper: Zhu et al., "MotionBERT: A Unified Perspective on Learning Human Motion Representations", ICCV 2023.
Published: 87.7 % from chance, 93.0 % fine-tuned.
Size: 60.421 M parameters, 370.81 GMACs. Not trained here.

As motionbert_ntu60_xsub, without weights to start from; the head learns as fast as the rest.

    posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d
    posecube train motionbert_ntu60_xsub_scratch --store stores/ntu60_2d --run runs/motionbert_ntu60_xsub_scratch
    posecube evaluate runs/motionbert_ntu60_xsub_scratch --store stores/ntu60_2d --split xsub_val
"""

from posecube.recipes import motionbert_ntu60_xsub
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return motionbert_ntu60_xsub.recipe().changed(
        name="motionbert_ntu60_xsub_scratch", initial_weights=None, head_factor=1.0
    )
