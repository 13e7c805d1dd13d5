"""The graph of a layout: its bones, as the matrices that graph networks multiply joints with.

A stack of parts is (K, V, V), indexed ``[part, from, to]``: joint ``to`` gathers from joint ``from``. The partitions
are those of published models; tests compare them with stored graphs.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from posecube.errors import UserError
from posecube.skeleton.layout import SkeletonLayout
from posecube.skeleton.layouts import find_layout

FAR = 2  # hops from the centre beyond which published distance partitions do not count


def connected_layout(layout: str | SkeletonLayout) -> SkeletonLayout:
    """A layout by its name, if its bones connect all joints.

    Raises:
        UserError: If there is none of that name, or if some joints are not connected to its centre.
    """
    found = find_layout(layout) if isinstance(layout, str) else layout
    reached = {found.index(found.centre) if found.centre else 0} | {child for child, _ in found.bones}
    apart = [joint for index, joint in enumerate(found.joints) if index not in reached]
    if apart:
        raise UserError(
            f"layout {found.name} is no graph for a network: its limbs do not connect {', '.join(apart[:3])}"
            f"{f' and {len(apart) - 3} more' if len(apart) > 3 else ''} to the rest; convert to another layout first"
        )
    return found


def directed_parts(layout: str | SkeletonLayout) -> Float[Tensor, "3 V V"]:
    """The joint itself, edges from parents to children, edges from children to parents.

    A parent gathers the mean of its children: their edges are divided by their number.

    Raises:
        UserError: If the layout is unknown or not connected.

    Source: where ST-GCN++, AAGCN and CTR-GCN start from; published configurations call it "spatial".
    """
    layout = connected_layout(layout)
    inward = torch.zeros(layout.num_joints, layout.num_joints)
    for child, parent in layout.bones:
        inward[parent, child] = 1
    return torch.stack([torch.eye(layout.num_joints), _by_column(inward), _by_column(inward.T)])


def distance_parts(layout: str | SkeletonLayout) -> Float[Tensor, "3 V V"]:
    """The joint itself, pairs whose row lies no nearer to the centre than their column, pairs whose row lies nearer.

    All three are divided by the number of neighbours of the column's joint, itself included.

    Raises:
        UserError: If the layout is unknown or not connected.

    Source: ST-GCN, the partition by "spatial configuration". The paper compares distances everywhere; in the stored
    graphs of published models two joints that lie ``FAR`` or more hops from the centre count as equally far.
    """
    layout = connected_layout(layout)
    hops = joint_hops(layout)
    depth = hops[layout.index(layout.centre) if layout.centre else 0].clamp(max=FAR)
    neighbours = _by_column((hops <= 1).float())
    nearer = depth[:, None] < depth[None, :]
    itself = torch.eye(layout.num_joints, dtype=torch.bool)
    return torch.stack([neighbours * itself, neighbours * ~(nearer | itself), neighbours * nearer])


def hop_parts(layout: str | SkeletonLayout, *, num_parts: int, window: int = 1) -> Float[Tensor, "K V V"]:
    """Each joint itself, and those exactly 0, 1, 2, ... hops away, over the joints of ``window`` frames.

    Every column is divided by its sum. Joints of a window are counted frame by frame: there are ``window`` times V. In
    it a joint's neighbours are neighbours at all frames, and its other frames are one hop away.

    Raises:
        UserError: If the layout is unknown or not connected.

    Source: MS-G3D, disentangled multi-scale aggregation and its windows; published files divide by columns alone,
    where the paper divides by the roots of rows and columns.
    """
    hops = joint_hops(layout).repeat(window, window)
    itself = torch.eye(len(hops))
    hops = torch.where(hops + itself == 0, 1, hops)  # the same joint at another frame
    return torch.stack([_by_column(((hops == distance) | (itself == 1)).float()) for distance in range(num_parts)])


def joint_hops(layout: str | SkeletonLayout) -> Float[Tensor, "V V"]:
    """Number of bones on the way from each joint to each other.

    Raises:
        UserError: If the layout is unknown or not connected.
    """
    layout = connected_layout(layout)
    step = torch.eye(layout.num_joints)
    for child, parent in layout.bones:
        step[child, parent] = step[parent, child] = 1
    hops = torch.zeros_like(step)
    within = torch.eye(layout.num_joints)
    for _ in range(layout.num_joints - 1):
        hops = hops + (within == 0)
        within = (within @ step).clamp(max=1)
    return hops


def _by_column(matrix: Float[Tensor, "V V"]) -> Float[Tensor, "V V"]:
    """Each column divided by its sum; a column of zeros stays."""
    return matrix / matrix.sum(dim=0).clamp(min=1)
