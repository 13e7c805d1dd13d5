"""Northwestern-UCLA, CTR-GCN: as nucla_stgcnpp, with channel-wise topologies.

posecube train nucla_ctrgcn --store stores/nucla --run runs/nucla_ctrgcn
"""

from posecube.recipes import nucla_stgcnpp
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return nucla_stgcnpp.recipe().changed(name="nucla_ctrgcn", model__architecture="ctrgcn")
