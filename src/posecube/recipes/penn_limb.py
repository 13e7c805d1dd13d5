r"""Penn Action, limb volumes, C3D: the model behind the shipped `penn15-limb` weights; see penn_joint.

posecube train penn_limb --store stores/penn --run runs/penn_limb
posecube fuse runs/penn_joint/test.npz runs/penn_limb/test.npz
"""

from posecube.recipes import penn_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return penn_joint.recipe().changed(name="penn_limb", model__representation__shows="limbs")
