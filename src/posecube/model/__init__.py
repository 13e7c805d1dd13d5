"""What scores clips: a representation in front of a network, and the card of its weights."""

from posecube.model.action_model import ActionModel, fused, joined_pathways
from posecube.model.card import (
    CARD_KEY,
    CARD_VERSION,
    SHIPPED_WEIGHTS,
    WeightsCard,
    find_weights,
    read_card,
    shipped_weights,
)
from posecube.model.spec import ModelSpec

__all__ = [
    "CARD_KEY",
    "CARD_VERSION",
    "SHIPPED_WEIGHTS",
    "ActionModel",
    "ModelSpec",
    "WeightsCard",
    "find_weights",
    "fused",
    "joined_pathways",
    "read_card",
    "shipped_weights",
]
