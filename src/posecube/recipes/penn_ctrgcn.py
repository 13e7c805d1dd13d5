"""Penn Action, CTR-GCN: as penn_stgcnpp, with channel-wise topologies.

posecube train penn_ctrgcn --store stores/penn --run runs/penn_ctrgcn
"""

from posecube.recipes import penn_stgcnpp
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    arguments = {"base_channels": 32, "num_people": 1}
    return penn_stgcnpp.recipe().changed(
        name="penn_ctrgcn", model__architecture="ctrgcn", model__arguments=arguments, epochs=30
    )
