"""Further stores that train a recipe: in its own label space, 3D joints seen by cameras that stand anywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int64
from numpy import ndarray
from pydantic import BaseModel, ConfigDict, Field

from posecube import lookup
from posecube.errors import UserError
from posecube.sampling import ClipSpec
from posecube.sampling.augment.camera import Camera
from posecube.skeleton import SkeletonLayout, SkeletonSequence
from posecube.skeleton.convert import convert
from posecube.store import SkeletonStore
from posecube.training.batch import OUTLIER_LABEL

LEFT_OUT = ""


class LabelledStore(BaseModel):
    """A store whose clips train beside those of the run's own store.

    Attributes:
        store: Its folder.
        split: Which of its clips; None takes all.
        labels: What its classes are called in the recipe, where that is not their own name; "" leaves a class out.
        per_epoch: Clips that an epoch draws from it, at random.
        camera: From where its 3D joints are seen.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    store: str
    split: str | None = None
    labels: dict[str, str] = Field(default_factory=dict)
    per_epoch: int = Field(ge=1)
    camera: Camera = Camera()

    def opened(self, spec: ClipSpec, classes: tuple[str, ...]) -> ClipSource:
        """The clips to draw from.

        Raises:
            FileNotFoundError: If there is no such store.
            UserError: If a class of it is none of the recipe's, or no clip is left.
        """
        store = SkeletonStore.open(self.store)
        numbers = numbers_of_classes(store, classes, self.labels)
        indices = np.arange(len(store)) if self.split is None else store.split(self.split)
        labels = store.labels[indices]
        kept = indices[(labels >= 0) & (numbers[labels] >= 0)]
        if len(kept) == 0:
            raise UserError(f"no clip of store {self.store} trains: its classes are all left out, or without clips")
        return ClipSource(store, kept, spec, numbers=numbers, camera=self.camera)


@dataclass(frozen=True)
class ClipSource:
    """Clips of one store that training draws from.

    Attributes:
        indices: Which clips of the store.
        labelled: Whether their labels count; those of outliers do not.
        frozen: Whether a single frame is held still instead of the whole clip.
        numbers: The class number that training knows each class of the store by; None leaves them as they are.
        camera: From where 3D joints are seen; None leaves that to the clip's space.
        mixed: Whether the arms of a clip are put on the legs of another one.
    """

    store: SkeletonStore
    indices: Int64[ndarray, " N"]
    spec: ClipSpec
    labelled: bool = True
    frozen: bool = False
    numbers: Int64[ndarray, " K"] | None = None
    camera: Camera | None = None
    mixed: bool = False

    def read(self, position: int, layout: SkeletonLayout) -> tuple[SkeletonSequence, int]:
        """A sequence in the model's layout, and its label."""
        sequence = self.store[int(self.indices[position])]
        if sequence.layout != layout:
            sequence = convert(sequence, layout)
        if not self.labelled:
            return sequence, OUTLIER_LABEL
        label = int(sequence.label or 0)
        return sequence, label if self.numbers is None else int(self.numbers[label])


def numbers_of_classes(
    store: SkeletonStore, classes: tuple[str, ...], labels: dict[str, str] | None = None
) -> Int64[ndarray, " K"]:
    """For each class of a store its number among other classes, -1 for one that is left out.

    Raises:
        UserError: If a class is none of them, or a label is of no class of the store.
    """
    labels = labels or {}
    if unknown := sorted(set(labels) - set(store.classes)):
        raise UserError(f"store {store.path} has no class {unknown[0]!r}{lookup.suggestion(unknown[0], store.classes)}")
    names = [labels.get(name, name) for name in store.classes]
    missing = [name for name in names if name not in (*classes, LEFT_OUT)]
    if missing:
        raise UserError(
            f"class {missing[0]!r} of store {store.path} is none of the recipe's {len(classes)} classes: "
            "say in labels what it is called, or leave it out with an empty name"
        )
    return np.array([classes.index(name) if name else -1 for name in names], dtype=np.int64)
