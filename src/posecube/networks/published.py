"""What is known of an architecture's published checkpoints: names of their tensors, sizes, who wrote them, their input.

A network's own facts are a ``PublishedCheckpoints`` beside it; here is the machinery. A row maps a module, or a bare
tensor, of ours to the published one:

* ``{any_name}`` stands for a number. The published side may count from elsewhere: ``{stage+1}``, ``{stage-1}``.
* A tuple of published names lists alternatives: the first one that the checkpoint has is taken.
* Of several rows that match, the one with the longest name of ours wins.
* What follows the row's name is kept, but that the parts of a module may have other names: those of a ConvBN are "0"
  and "1" here, "conv" and "bn" there. ``parts={}`` keeps all names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from torch import Tensor

from posecube.errors import UserError
from posecube.networks.published_input import InputChoice, PublishedInput

Shapes = Mapping[str, tuple[int, ...]]
CONV_BN = {"0": "conv", "1": "bn"}
CLASSES = {"num_classes": ("head.linear.bias", 0)}
HEAD = {"head.linear": ("cls_head.fc_cls", "cls_head.fc")}
_PLACEHOLDER = re.compile(r"\{(\w+)([+-]\d+)?\}")


def infer_nothing(_shapes: Shapes) -> dict[str, Any]:
    """Nothing beyond the sizes of single tensors."""
    return {}


@dataclass(frozen=True, kw_only=True)
class PublishedCheckpoints:
    """How an architecture's tensors are called in published checkpoints, and what else is known of those.

    Attributes:
        rows: Our module or tensor to its published name, or to alternatives of it.
        parts: What the parts of a row's module are called: the first name behind the row's, where more follow.
        optional: Modules of ours that a checkpoint may lack as a whole, such as the head for actions of one that was
            only pre-trained; they start with random weights.
        unused: Patterns of published tensors that our network does not need, such as a graph stored twice.
        sizes: Arguments of the builder that a checkpoint tells: a tensor of ours and which of its dimensions it is.
        arguments: Makes the builder's arguments of the sizes, where they are not the same.
        infer: Further arguments, of the shapes of the checkpoint's tensors by their names.
        feed: What the published networks are fed: from the inferred arguments and what the user chooses.
        only_by_pyskl: Whether pyskl alone has published it; MMAction2 has it as a project at most.
        has_own_frames: Whether its test frames are the same whoever wrote the checkpoint.
    """

    rows: Mapping[str, str | tuple[str, ...]]
    feed: Callable[[Mapping[str, Any], InputChoice], PublishedInput]
    parts: Mapping[str, str] = field(default_factory=lambda: CONV_BN)
    optional: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    sizes: Mapping[str, tuple[str, int]] = field(default_factory=lambda: CLASSES)
    arguments: Callable[[dict[str, int]], dict[str, Any]] = dict
    infer: Callable[[Shapes], dict[str, Any]] = infer_nothing
    only_by_pyskl: bool = False
    has_own_frames: bool = False

    def names(self, own: Iterable[str], found: Container[str] = ()) -> dict[str, str]:
        """Our name of every parameter and buffer, and its published one.

        Args:
            own: Keys of our network's state dict.
            found: Keys of the checkpoint, which say which of several published names is meant.

        Raises:
            UserError: If no published name is known for one of them.
        """
        candidates = {name: self.candidates(name) for name in own}
        return {name: next((form for form in forms if form in found), forms[0]) for name, forms in candidates.items()}

    def candidates(self, name: str) -> list[str]:
        """The published names that a tensor of ours may have, the usual one first."""
        for own in sorted(self.rows, key=len, reverse=True):
            if found := _compiled(own).match(name):
                numbers = {key: int(value) for key, value in found.groupdict().items()}
                rest = self._renamed(name[found.end() :].removeprefix("."))
                published = self.rows[own]
                forms = (published,) if isinstance(published, str) else published
                return [".".join(filter(None, (_filled(form, numbers), rest))) for form in forms]
        raise UserError(f"no published name is known for {name!r}")

    def knows(self, published: str) -> bool:
        """Whether a published tensor may be one of this architecture's."""
        forms = [form for row in self.rows.values() for form in ((row,) if isinstance(row, str) else row)]
        return not self.needs(published) or any(_compiled(form).match(published) for form in forms)

    def needs(self, published: str) -> bool:
        """Whether a published tensor has a place in our network."""
        return not any(_compiled(pattern).fullmatch(published) for pattern in self.unused)

    def infer_arguments(self, tensors: Mapping[str, Tensor]) -> dict[str, Any]:
        """The builder's arguments that a checkpoint tells: sizes of tensors, and which blocks there are."""
        names = self.names([tensor for tensor, _ in self.sizes.values()], tensors)
        sizes = {}
        for argument, (tensor, axis) in self.sizes.items():
            shape = tensors[names[tensor]].shape if names[tensor] in tensors else ()
            if axis < len(shape) and shape[axis]:  # no network has a size of 0
                sizes[argument] = shape[axis]
        shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
        return {**self.arguments(sizes), **self.infer(shapes)}

    def _renamed(self, rest: str) -> str:
        first, dot, further = rest.partition(".")
        return f"{self.parts.get(first, first)}.{further}" if dot else rest


def behind(own: str, published: str, rows: Mapping[str, str]) -> dict[str, str]:
    """Rows with a prefix on either side."""
    return {own + ours: published + theirs for ours, theirs in rows.items()}


def stages_of(shapes: Shapes, pattern: str) -> list[list[tuple[int, ...]]]:
    """Shapes of the tensors that a pattern matches, by the stage that is its group; stages and blocks in order."""
    found: dict[int, list[tuple[int, ...]]] = {}
    for name, shape in shapes.items():
        if match := re.fullmatch(pattern, name):
            found.setdefault(int(match[1]), []).append(shape)
    return [found[stage] for stage in sorted(found)]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A name with placeholders as an expression that ends where a module's name does."""
    text, position = "", 0
    for placeholder in _PLACEHOLDER.finditer(pattern):
        text += re.escape(pattern[position : placeholder.start()]) + rf"(?P<{placeholder[1]}>\d+)"
        position = placeholder.end()
    return re.compile(text + re.escape(pattern[position:]) + r"(?=\.|$)")


def _filled(pattern: str, numbers: Mapping[str, int]) -> str:
    return _PLACEHOLDER.sub(lambda it: str(numbers[it[1]] + int(it[2] or 0)), pattern)
