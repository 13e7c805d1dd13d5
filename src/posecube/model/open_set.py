"""OpenSet: how a model says that it sees none of its classes, and what its classes are; part of every weights card."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray
from pydantic import BaseModel, ConfigDict, Field


class OpenSet(BaseModel):
    """How a model says that it sees none of its classes.

    Attributes:
        none: The class that stands for everything else, which training showed by examples; empty if there is none.
        together: Classes that take several people. Nobody is taken to do them alone, nor anything else to be done by
            a group; empty where a model judges whoever is near as one, or knows single people only.
        postures: Classes that people do beside anything else, such as to stand: they name a video only if nothing
            else does.
        synonyms: Other names of classes, as data sets have them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    none: str = ""
    together: tuple[str, ...] = ()
    postures: tuple[str, ...] = ()
    synonyms: dict[str, str] = Field(default_factory=dict)

    def named(self, classes: Sequence[str]) -> tuple[str, ...]:
        """The classes that something can be called."""
        return tuple(name for name in classes if name != self.none)

    def of_named(self, scores: Float[ndarray, "N K"], classes: Sequence[str]) -> Float[ndarray, "N k"]:
        """Scores of the classes that something can be called; what the rest has is missing from their sum."""
        if not self.none:
            return scores
        return scores[:, [index for index, name in enumerate(classes) if name != self.none]]

    def fits(self, classes: Sequence[str], *, is_group: bool) -> Bool[ndarray, " k"]:
        """Which of the named classes a person alone, or a group, can be seen to do."""
        if not self.together:
            return np.ones(len(classes), dtype=bool)
        return np.array([(name in self.together) == is_group for name in classes])
