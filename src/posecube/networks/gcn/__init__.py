"""Networks on the graph of a skeleton: joints, bones or their motion."""

from posecube.networks.gcn.aagcn import AAGCN, AagcnSpec
from posecube.networks.gcn.ctrgcn import CTRGCN, CtrgcnSpec
from posecube.networks.gcn.msg3d import MSG3D, Msg3dSpec
from posecube.networks.gcn.stgcn import STGCN, StgcnSpec
from posecube.networks.gcn.stgcnpp import STGCNPP, StgcnppSpec

__all__ = [
    "AAGCN", "CTRGCN", "MSG3D", "STGCN", "STGCNPP", "AagcnSpec", "CtrgcnSpec", "Msg3dSpec", "StgcnSpec", "StgcnppSpec",
]  # fmt: skip
