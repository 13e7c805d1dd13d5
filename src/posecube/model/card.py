"""WeightsCard: what a weights file needs to be used and judged, and where such files are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError, safe_open

from posecube.errors import UserError
from posecube.model.migration import OLD_CARD_VERSION
from posecube.model.open_set import OpenSet
from posecube.model.spec import ModelSpec

CARD_KEY = "posecube_card"
CARD_VERSION = 3
SHIPPED_WEIGHTS = Path(__file__).parent.parent / "weights"


class WeightsCard(BaseModel):
    """What a weights file needs to be used and judged; stored inside the file.

    Attributes:
        scores: Measured figures in percent, by a name that says split and views.
        temperature: Logits are divided by it before softmax, so that scores are calibrated.
        rejection_threshold: A best score below it means none of the classes.
        open_set: What its classes are, and which of them stands for none.
        tensors_sha256: Checksum of the tensors, filled in when saved.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    description: str = ""
    model: ModelSpec
    classes: tuple[str, ...]
    scores: dict[str, float] = Field(default_factory=dict)
    data: str = ""
    licence: str = "Apache-2.0"
    recipe: dict[str, Any] = Field(default_factory=dict)
    temperature: float = Field(default=1.0, gt=0.0)
    rejection_threshold: float = Field(default=0.0, ge=0.0, le=1.0)
    open_set: OpenSet = OpenSet()
    tensors_sha256: str = ""
    card_version: int = CARD_VERSION

    def updated(self, **fields: Any) -> WeightsCard:
        """A copy with some fields changed."""
        return self.model_copy(update=fields)

    def smoothed(self) -> WeightsCard:
        """The card of the same weights fed with smoothed joints, see ``Preprocess.smooth``.

        No training is needed for it: what a network sees of a clip that does not shake stays nearly the same.
        """
        model = self.model.model_copy(update={"clip": self.model.clip.smoothed()})
        return self.updated(model=model)


def find_weights(name_or_path: str | Path) -> Path:
    """The weights file of a name, a run folder or a path.

    Raises:
        FileNotFoundError: If there is none.
    """
    path = Path(name_or_path)
    shipped = SHIPPED_WEIGHTS / f"{name_or_path}.safetensors"
    if path.is_dir() and (path / "weights.safetensors").is_file():
        return path / "weights.safetensors"
    if path.is_file():
        return path
    if shipped.is_file():
        return shipped
    if path.is_dir():
        raise FileNotFoundError(f"{path} has no weights.safetensors: its training has not finished; use --resume")
    known = ", ".join(shipped_weights()) or "none"
    raise FileNotFoundError(f"no weights {name_or_path}: expected a file, a run folder or a shipped name ({known})")


def shipped_weights() -> list[str]:
    """Names of the weights in the package."""
    return sorted(path.stem for path in SHIPPED_WEIGHTS.glob("*.safetensors"))


def read_card(path: Path) -> WeightsCard:
    """The card inside a weights file.

    Raises:
        UserError: If the file is not posecube weights or its card is of another version.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise UserError(f"{path} is not a safetensors file: {error}") from error
    if CARD_KEY not in metadata:
        raise UserError(f"{path} has no posecube card; bring foreign checkpoints in with `posecube weights import`")
    try:
        content = json.loads(metadata[CARD_KEY])
        card_version = content.get("card_version")
    except (json.JSONDecodeError, AttributeError) as error:
        raise UserError(f"{path} has a card that cannot be read: {error}; copy or train the weights again") from error
    if card_version not in (OLD_CARD_VERSION, CARD_VERSION):
        raise UserError(
            f"{path} has a card of version {card_version}, this posecube reads {OLD_CARD_VERSION} and {CARD_VERSION}"
        )
    try:
        return WeightsCard.model_validate({**content, "card_version": CARD_VERSION})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UserError(f"{path} has a card that does not fit: {where}: {first['msg']}") from error
