"""Recipe: one complete, typed description of a training run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError, model_validator

from posecube.errors import UserError
from posecube.model import ModelSpec
from posecube.model.open_set import OpenSet
from posecube.sampling import PUBLISHED_AUGMENTATION, Augmentation
from posecube.training.objectives import CrossEntropy, Objective
from posecube.training.sources import LabelledStore


class Outliers(BaseModel):
    """Clips of none of the classes, shown in training so that the model learns to be unsure.

    Attributes:
        stores: Folders of stores; their skeletons are converted, 3D ones are seen through a virtual camera.
        fraction: Outliers a training clip; what they weigh in the loss says the objective.
        exclude: Class names to leave out, because they look like one of the classes.
        yaw_deg: Largest turn of the virtual camera.
        frozen: Also show single frames of training clips, held still: somebody who does not move does nothing known.
        frozen_exclude: Classes that hardly move; their frames are not shown frozen.
        mixed: Also show the arms of a training clip on the legs of another one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    stores: tuple[str, ...] = ()
    fraction: float = Field(default=0.15, ge=0.0)
    exclude: tuple[str, ...] = ()
    yaw_deg: float = Field(default=60.0, ge=0.0)
    frozen: bool = False
    frozen_exclude: tuple[str, ...] = ()
    mixed: bool = False


class SingleRuns(BaseModel):
    """Weights of two networks that were trained alone, one for each pathway of a network that joins them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rgb: str
    pose: str


class Recipe(BaseModel):
    """What to train on what, how.

    Attributes:
        name: Short name; the run's and the weights' default name.
        num_classes: Classes of the data set that the recipe was made for: sizes are told for so many. A store may have
            others.
        classes: Names of the network's outputs; empty takes the store's, in its order.
        sources: Further stores that train in the same label space.
        open_set: What the classes are: outliers are taught as its ``none``, or without that to be scored alike for all.
        initial_weights: Weights to start from: a file, a run folder or a shipped name. The head is new where the
            classes are others. Of RGBPose-Conv3D also those of two networks, of frames and of volumes. None starts
            from random initialisation.
        train_split: Split of the store that trains.
        test_split: Split that is scored while training and after it.
        class_passes: How often an epoch shows the clips of each class; empty means once each.
        metric: The metric that the data set is known by: accuracy, or the mean accuracy over the classes.
        learning_rate: For ``reference_batch`` clips a step; scaled in proportion to ``batch_size``.
        head_factor: Times as high a rate for the network's head; above 1 where the rest was trained before.
        epochs: Passes over the training split.
        warmup_steps: Steps over which the learning rate rises, before it falls.
        schedule: How it falls: along a cosine, to a tenth at each of the ``milestones``, or by ``epoch_decay`` after
            each epoch.
        milestones: Epochs after which it falls by steps; those behind the last epoch never come.
        epoch_decay: What an epoch leaves of the learning rate, for the schedule "exponential".
        rate_floor: Fraction of the learning rate at which the cosine ends.
        nesterov: Whether the momentum looks ahead.
        decayed: What weight decay acts on: kernels, or normalisation and biases too, as published models had it.
        gradient_clip: Largest norm of a step's gradient; None leaves it as it is.
        objective: What training minimises.
        precision: "bf16" computes convolutions in bfloat16, "auto" does so where the device is fast at it.
        evaluate_every: Epochs between two scorings of the test split.
        threads: CPU threads; 0 leaves the choice to torch.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    model: ModelSpec
    num_classes: int | None = Field(default=None, ge=2)
    classes: tuple[str, ...] = ()
    sources: tuple[LabelledStore, ...] = ()
    open_set: OpenSet = OpenSet()
    initial_weights: str | SingleRuns | None = None
    augmentation: Augmentation = PUBLISHED_AUGMENTATION
    train_split: str = "train"
    test_split: str = "test"
    class_passes: tuple[PositiveInt, ...] = ()
    metric: Literal["top1", "mean_class"] = "top1"
    epochs: int = Field(default=24, ge=1)
    batch_size: int = Field(default=16, ge=1)
    optimizer: Literal["sgd", "adamw"] = "sgd"
    learning_rate: float = Field(default=0.05, gt=0.0)
    head_factor: float = Field(default=1.0, gt=0.0)
    reference_batch: int = Field(default=16, ge=1)
    momentum: float = Field(default=0.9, ge=0.0, lt=1.0)
    nesterov: bool = True
    weight_decay: float = Field(default=5e-4, ge=0.0)
    decayed: Literal["kernels", "all"] = "kernels"
    schedule: Literal["cosine", "steps", "exponential"] = "cosine"
    milestones: tuple[PositiveInt, ...] = ()
    epoch_decay: float = Field(default=0.99, gt=0.0, le=1.0)
    rate_floor: float = Field(default=0.0, ge=0.0, le=1.0)
    warmup_steps: int = Field(default=100, ge=0)
    gradient_clip: float | None = Field(default=40.0, gt=0.0)
    objective: Objective = CrossEntropy()
    outliers: Outliers = Outliers()
    precision: Literal["auto", "bf16", "float32"] = "auto"
    evaluate_every: int = Field(default=5, ge=1)
    num_workers: int = Field(default=0, ge=0)
    threads: int = Field(default=0, ge=0)
    seed: int = Field(default=0, ge=0, lt=2**32)

    @model_validator(mode="after")
    def _agrees(self) -> Recipe:
        if bool(self.milestones) != (self.schedule == "steps"):
            raise UserError(
                f"schedule {self.schedule!r} and milestones {self.milestones} do not go together: schedule 'steps' "
                "falls at milestones, the others have none"
            )
        if list(self.milestones) != sorted(set(self.milestones)):
            raise UserError(f"milestones must rise from one to the next, got {self.milestones}")
        if self.sources and not self.classes:
            raise UserError("sources need a common label space: say in classes what the classes are called")
        for name in (self.open_set.none, *self.open_set.together, *self.open_set.postures):
            if self.classes and name and name not in self.classes:
                raise UserError(f"open_set names {name!r}, which is none of the recipe's classes")
        if self.model.rgb is not None:
            _check_frames_follow(self.augmentation, self.outliers, self.objective)
        if isinstance(self.initial_weights, SingleRuns) and len(self.model.heads) == 1:
            raise UserError(f"initial_weights of two networks do not fit into {self.model.architecture}: name one")
        return self

    @property
    def scaled_learning_rate(self) -> float:
        """The learning rate for this batch size."""
        return self.learning_rate * self.batch_size / self.reference_batch

    def changed(self, **fields: Any) -> Recipe:
        """A variant: nested fields are given as ``model__clip__clip_len=32``."""
        content = self.model_dump()
        for name, value in fields.items():
            set_nested(content, name.split("__"), value.model_dump() if isinstance(value, BaseModel) else value)
        return Recipe.model_validate(content)


def set_nested(content: dict[str, Any], keys: list[str], value: Any) -> None:
    """Put a value into nested dictionaries.

    Raises:
        UserError: If the keys lead through something that holds no further ones.
    """
    inner: Any = content
    for key in keys[:-1]:
        inner = inner.get(key)
        if not isinstance(inner, dict):
            raise UserError(f"{'.'.join(keys)} cannot be set: {key} holds no further settings")
    inner[keys[-1]] = value


def first_problem(error: ValidationError) -> str:
    """Where and what is wrong in one line."""
    first = error.errors()[0]
    where = ".".join(_fields_of(first["loc"]))
    got = "" if isinstance(first["input"], dict | BaseModel) else f", got {first['input']!r}"
    message = first["msg"].removeprefix("Value error, ")
    return f"{where or 'recipe'}: {message}{got}"  # of the whole recipe, where fields do not go together


def _fields_of(place: tuple[int | str, ...]) -> list[str]:
    """The place of an error as a setting is named: without the kinds that pydantic puts behind a part."""
    found: list[str] = []
    models: list[type[BaseModel]] = [Recipe]
    for name in map(str, place):
        fields = [model.model_fields[name] for model in models if name in model.model_fields]
        if fields or not any(name in _tags(model) for model in models):
            found.append(name)
            models = [model for field in fields for model in models_of(field.annotation)]
    return found


def _tags(model: type[BaseModel]) -> list[object]:
    return [field.default for field in model.model_fields.values() if get_origin(field.annotation) is Literal]


def models_of(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a field may hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_of(argument)


def _check_frames_follow(augmentation: Augmentation, outliers: Outliers, objective: Objective) -> None:
    """Refuse what is done to joints and cannot be done to the video frames beside them."""
    for name in ("rotate_deg", "scale"):
        if getattr(augmentation, name) > 0:
            raise UserError(
                f"video frames are not turned or stretched: set augmentation.{name} to 0, "
                f"got {getattr(augmentation, name):g}"
            )
    if augmentation.drift.is_on:
        raise UserError("video frames do not drift: leave augmentation.drift out")
    if outliers.stores or outliers.frozen or outliers.mixed:
        raise UserError("outliers have no video frames: leave outliers.stores empty and outliers.frozen false")
    if objective.disturbs_joints:
        raise UserError("noise of joints leaves video frames as they are: set objective.kind to cross_entropy")
