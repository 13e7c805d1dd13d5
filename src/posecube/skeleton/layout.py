"""What the joints of a pose are called, which of them are connected, and which mirror each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from posecube.errors import UserError


@dataclass(frozen=True)
class SkeletonLayout:
    """A named set of joints; limbs and mirror pairs are given by joint name, everything else is derived.

    Joint names are shared between layouts (``left_wrist`` is the same joint everywhere): this is what conversion uses.
    A joint is the left one of the *subject*, never of the image.

    Attributes:
        centre: Joint from which the tree of bones grows; the first joint where it is not given.
        bones_instead: (joint, parent) where a published bone stream measures a joint from another one than its
            neighbour in the tree.
    """

    name: str
    joints: tuple[str, ...]
    limbs_by_name: tuple[tuple[str, str], ...]
    centre: str = ""
    bones_instead: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        repeated = sorted({joint for joint in self.joints if self.joints.count(joint) > 1})
        if repeated:
            raise UserError(f"layout {self.name}: joint names must differ, these repeat: {', '.join(repeated)}")
        named = {joint for limb in (*self.limbs_by_name, *self.bones_instead) for joint in limb}
        unknown = sorted((named | {self.centre} - {""}) - set(self.joints))
        if unknown:
            raise UserError(f"layout {self.name}: a limb names joints that it does not have: {', '.join(unknown)}")

    def __repr__(self) -> str:
        return f"SkeletonLayout({self.name}, {self.num_joints} joints, {self.num_limbs} limbs)"

    @property
    def num_joints(self) -> int:
        """V."""
        return len(self.joints)

    @property
    def num_limbs(self) -> int:
        """E."""
        return len(self.limbs_by_name)

    def index(self, joint: str) -> int:
        """Position of a joint by its name.

        Raises:
            UserError: If the layout has no such joint.
        """
        try:
            return self.joints.index(joint)
        except ValueError:
            raise UserError(
                f"layout {self.name} has no joint {joint!r}; its joints are: {', '.join(self.joints)}"
            ) from None

    @cached_property
    def limbs(self) -> tuple[tuple[int, int], ...]:
        """Limbs as pairs of joint indices, in the order in which limb volumes are stacked."""
        return tuple((self.index(first), self.index(second)) for first, second in self.limbs_by_name)

    @cached_property
    def bones(self) -> tuple[tuple[int, int], ...]:
        """(child, parent) for every joint that the limbs connect to the centre, nearest first: V - 1 of a whole body.

        A limb that closes a ring, such as the one from hip to hip, is no bone.
        """
        bones: list[tuple[int, int]] = []
        reached = [self.index(self.centre) if self.centre else 0]
        for parent in reached:
            for limb in self.limbs:
                child = limb[1 - limb.index(parent)] if parent in limb else parent
                if child not in reached:
                    reached.append(child)
                    bones.append((child, parent))
        return tuple(bones)

    @cached_property
    def bone_parents(self) -> tuple[int, ...]:
        """For each joint the one that a bone stream measures it from, itself where there is none."""
        parents = dict(self.bones) | {self.index(joint): self.index(parent) for joint, parent in self.bones_instead}
        return tuple(parents.get(joint, joint) for joint in range(self.num_joints))

    @cached_property
    def joint_mirror(self) -> tuple[int, ...]:
        """For each joint the index of its mirror image, itself where it lies on the body's axis."""
        return tuple(self._mirrored(joint) for joint in self.joints)

    @cached_property
    def limb_mirror(self) -> tuple[int, ...]:
        """For each limb the index of the limb that a left-right flip turns it into."""
        unordered = [frozenset(limb) for limb in self.limbs]
        mirrored = [frozenset(self.joint_mirror[joint] for joint in limb) for limb in self.limbs]
        missing = [self.limbs_by_name[i] for i, limb in enumerate(mirrored) if limb not in unordered]
        if missing:
            raise UserError(f"layout {self.name}: limbs without a mirror image: {missing}")
        return tuple(unordered.index(limb) for limb in mirrored)

    @cached_property
    def left_right_pairs(self) -> tuple[tuple[int, int], ...]:
        """Pairs of (left joint, right joint) indices."""
        return tuple(
            (joint, mirror)
            for joint, mirror in enumerate(self.joint_mirror)
            if joint != mirror and self.joints[joint].startswith("left_")
        )

    def _mirrored(self, joint: str) -> int:
        for side, other in (("left_", "right_"), ("right_", "left_")):
            if joint.startswith(side):
                return self.index(other + joint.removeprefix(side))
        return self.index(joint)


def both_sides(limbs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Write limbs of one side as ``*_knee``: each such limb is listed for the left and then for the right."""
    return tuple(
        (first.replace("*", side), second.replace("*", side))
        for first, second in limbs
        for side in (("left", "right") if "*" in first + second else ("",))
    )
