r"""Penn Action under noise, grey volumes, all joints in one channel, C3D; see noise_penn_joint.

posecube train noise_penn_grey --store stores/penn --run runs/grey
"""

from posecube.recipes import noise_penn_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return noise_penn_joint.recipe().changed(name="noise_penn_grey", model__representation__shows="grey")
