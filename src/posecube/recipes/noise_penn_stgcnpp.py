r"""Penn Action under noise, ST-GCN++ on joints; see noise_penn_joint.

posecube train noise_penn_stgcnpp --store stores/penn --run runs/stgcnpp
"""

from posecube.recipes import noise_penn_joint, penn_stgcnpp
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """penn_stgcnpp with the augmentation of noise_penn_joint."""
    return penn_stgcnpp.recipe().changed(
        name="noise_penn_stgcnpp",
        augmentation=noise_penn_joint.recipe().augmentation,
        epochs=16,
        evaluate_every=5,
    )
