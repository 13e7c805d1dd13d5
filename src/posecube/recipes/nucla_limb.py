"""Northwestern-UCLA, cross-view, limb volumes of projected 3D joints; see nucla_joint.

posecube train nucla_limb --store stores/nucla --run runs/nucla_limb
"""

from posecube.recipes import nucla_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return nucla_joint.recipe().changed(name="nucla_limb", model__representation__shows="limbs")
