"""Northwestern-UCLA, CTR-GCN: as nucla_stgcnpp, with channel-wise topologies.

posecube train nucla_ctrgcn --store stores/nucla --run runs/nucla_ctrgcn
"""

from posecube.recipes import nucla_stgcnpp
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    arguments = {"base_channels": 32, "num_people": 1}
    return nucla_stgcnpp.recipe().changed(
        name="nucla_ctrgcn", model__architecture="ctrgcn", model__arguments=arguments, epochs=30
    )
