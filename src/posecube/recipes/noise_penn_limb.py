r"""Penn Action under noise, limb volumes, C3D; see noise_penn_joint.

posecube train noise_penn_limb --store stores/penn --run runs/limb
"""

from posecube.recipes import noise_penn_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return noise_penn_joint.recipe().changed(name="noise_penn_limb", model__representation__shows="limbs")
