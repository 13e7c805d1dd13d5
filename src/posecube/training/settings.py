"""Settings of the command line: ``key=value``, typed by the recipe, with the names of version 0.2 understood."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import getitem
from typing import Any

from pydantic import BaseModel, ValidationError

from posecube import lookup
from posecube.errors import UserError
from posecube.model.migration import migrated_settings, with_setting
from posecube.training.recipe import Recipe, first_problem, models_of, set_nested

NETWORK_NAMES = ("model.network.name", "model.architecture")
KIND = "kind"  # of parts that are one of several: setting it brings that one's other settings


def settings_of(recipe: Recipe) -> dict[str, Any]:
    """Everything that ``with_settings`` can change, by its dotted name, as JSON has it."""
    content = recipe.model_dump(mode="json")
    values = {name: reduce(getitem, name.split("."), content) for name in _keys(content)}
    return {name: value for name, value in values.items() if not isinstance(value, dict)}


def with_settings(recipe: Recipe, settings: Sequence[str]) -> Recipe:
    """Apply ``key=value`` settings of the command line; nested keys are joined by dots, values are JSON or plain text.

    Kinds come first wherever they stand: their part has that kind's settings then, with those of before that it shares.

    Raises:
        UserError: If a key is unknown (with the nearest known one) or a value does not fit.
    """
    content = recipe.model_dump()
    parsed = migrated_settings(map(_parsed, settings))
    try:
        for key, value in sorted(parsed, key=lambda setting: not _is_kind(setting[0])):
            _apply(content, key, value)
        return Recipe.model_validate(content)
    except ValidationError as error:
        raise UserError(f"--set {first_problem(error)}") from error


def _is_kind(key: str) -> bool:
    return key.endswith(f".{KIND}") or key in NETWORK_NAMES


def _apply(content: dict[str, Any], key: str, value: Any) -> None:
    known = list(_keys(content))
    *part, name = key.split(".")
    if key in NETWORK_NAMES or re.fullmatch(r"model\.arguments(\.\w+)?", key):
        content["model"]["network"] = _other_network(content["model"]["network"], key, value)
    elif key not in known:
        raise UserError(f"--set: unknown key {key!r}{lookup.suggestion(key, known)}")
    elif part and name == KIND:
        _choose_kind(content, part, value)
    else:
        set_nested(content, key.split("."), value)


def _other_network(network: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    try:
        return with_setting(network, key.removeprefix("model."), value).model_dump()
    except UserError as error:
        raise UserError(f"--set {key}: {error}") from error


def _parsed(setting: str) -> tuple[str, Any]:
    key, separator, text = setting.partition("=")
    if not separator:
        raise UserError(f"--set expects key=value, got {setting!r}")
    try:
        return key, json.loads(text)
    except json.JSONDecodeError:
        return key, text


def _keys(content: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Dotted names of what can be set: fields that hold no further fields, and weights to start from."""
    for key, value in content.items():
        if isinstance(value, dict):
            yield from _keys(value, f"{prefix}{key}.")
        if not isinstance(value, dict) or prefix + key == "initial_weights":
            yield prefix + key


def _choose_kind(content: dict[str, Any], part: list[str], kind: Any) -> None:
    """Let a part of the recipe be of another kind."""
    before = reduce(getitem, part, content)
    kinds = {member.model_fields[KIND].default: member for member in _members(Recipe, part)}
    member = lookup.find(kinds, str(kind), what=".".join([*part, KIND]))
    shared = {name: value for name, value in before.items() if name in member.model_fields}
    set_nested(content, part, member().model_dump() | shared | {KIND: kind})


def _members(model: type[BaseModel], part: list[str]) -> list[type[BaseModel]]:
    """The models that a field, some models down, may be."""
    found = list(models_of(model.model_fields[part[0]].annotation))
    return found if len(part) == 1 else [member for one in found for member in _members(one, part[1:])]
