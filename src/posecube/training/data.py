"""Stores, and videos where they are looked at, to batches; volumes are drawn later, where the network runs."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

import lightning as L
import numpy as np
import torch
from jaxtyping import Int64
from numpy import ndarray
from torch.utils.data import DataLoader, Dataset, Sampler

from posecube.errors import UserError
from posecube.sampling import Augmentation, ClipSpec, clip_rng, is_empty, training_clip, view_clips
from posecube.sampling.augment.mixture import with_legs_of
from posecube.sampling.rgb.frame_source import VideoFrameSource, Videos, frame_source
from posecube.skeleton import SkeletonLayout, SkeletonSequence
from posecube.skeleton.convert import convert
from posecube.store import SkeletonStore
from posecube.training.batch import OUTLIER_LABEL, Batch, Sample, collate
from posecube.training.objectives import CrossEntropy, Objective
from posecube.training.recipe import Outliers, Recipe
from posecube.training.sources import ClipSource, numbers_of_classes

SUPERVISED = CrossEntropy()

logger = logging.getLogger(__name__)


class TrainingClips(Dataset[Sample]):
    """Random views of clips, addressed by (epoch, source, position), the same whichever worker draws them.

    Video frames and noisy views are drawn after the joints, which are those of training without them. A noisy view is
    drawn on its own: its frames, crop and flip are others.
    """

    def __init__(
        self,
        sources: list[ClipSource],
        *,
        augmentation: Augmentation,
        layout: SkeletonLayout,
        seed: int,
        frame_source: VideoFrameSource | None = None,
        objective: Objective = SUPERVISED,
        outlier_label: int = OUTLIER_LABEL,
    ) -> None:
        self.outlier_label = outlier_label
        self.sources = sources
        self.augmentation = augmentation
        self.layout = layout
        self.seed = seed
        self.frame_source = frame_source
        self.objective = objective

    def __getitem__(self, address: tuple[int, int, int]) -> Sample:
        epoch, source_index, position = address
        source = self.sources[source_index]
        sequence, label = source.read(position, self.layout)
        rng = clip_rng(self.seed, epoch, f"{source_index}/{sequence.name}/{position}")
        if source.camera is not None:
            sequence = source.camera.view(sequence, rng)
        if source.mixed:
            other, _ = source.read(int(rng.integers(len(source.indices))), self.layout)
            sequence = with_legs_of(sequence, other if source.camera is None else source.camera.view(other, rng))
        if source.frozen:
            sequence = _one_frame(sequence, int(rng.integers(sequence.num_frames)))
        clip = training_clip(sequence, source.spec, self.augmentation, rng)
        if self.frame_source:
            clip = self.frame_source.with_random_frames(clip, sequence, rng)
        displaced = self.objective.noisy_view(sequence, rng, epoch=epoch)
        noisy = None if displaced is None else training_clip(displaced, source.spec, self.augmentation, rng)
        return Sample(clip, self.outlier_label if label == OUTLIER_LABEL else label, noisy)


class EpochSampler(Sampler[tuple[int, int, int]]):
    """Every training clip once an epoch and a fraction of outliers among them, in an order that epoch and seed decide.

    Args:
        source_sizes: Clips of each source; the first is the training split, the others hold outliers.
        num_outliers: Outliers an epoch.
        drawn: Sizes of further sources, which come after those, and how many clips of each an epoch draws.
    """

    def __init__(
        self, source_sizes: list[int], *, num_outliers: int, seed: int, drawn: Sequence[tuple[int, int]] = ()
    ) -> None:
        self.source_sizes = source_sizes
        self.num_outliers = num_outliers if len(source_sizes) > 1 else 0
        self.drawn = tuple(drawn)
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Lightning calls this before each epoch."""
        self.epoch = epoch

    def __len__(self) -> int:
        return self.source_sizes[0] + self.num_outliers + sum(count for _, count in self.drawn)

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        rng = np.random.default_rng([self.seed, self.epoch])
        addresses = [(self.epoch, 0, position) for position in range(self.source_sizes[0])]
        for source in rng.integers(1, max(len(self.source_sizes), 2), self.num_outliers):
            addresses.append((self.epoch, int(source), int(rng.integers(self.source_sizes[source]))))
        for source, (size, count) in enumerate(self.drawn, start=len(self.source_sizes)):
            addresses += [(self.epoch, source, int(position)) for position in _spread(size, count, rng)]
        return iter([addresses[position] for position in rng.permutation(len(addresses))])


def _spread(size: int, count: int, rng: np.random.Generator) -> Int64[ndarray, " N"]:
    """So many of a source's clips at random, none of them twice before all have come."""
    rounds = [rng.permutation(size) for _ in range(-(-count // size))]
    return np.concatenate(rounds)[:count]


class TestClips(Dataset[Sample]):
    """The first test view of each clip of a split."""

    def __init__(
        self, source: ClipSource, *, layout: SkeletonLayout, frame_source: VideoFrameSource | None = None
    ) -> None:
        self.source = source
        self.layout = layout
        self.frame_source = frame_source

    def __len__(self) -> int:
        return len(self.source.indices)

    def __getitem__(self, position: int) -> Sample:
        sequence, label = self.source.read(position, self.layout)
        spec = self.source.spec
        clips = view_clips(sequence, spec)
        if self.frame_source:
            clips = self.frame_source.with_frames(clips, sequence, published_sampling=spec.published_sampling)
        return Sample(clips[0], label)


class ClipData(L.LightningDataModule):
    """Training and test batches of a recipe.

    Args:
        videos: What the store's clips were taken from, for a network that looks at video frames.

    Raises:
        FileNotFoundError: If a clip of the two splits has no video.
        UserError: If a split has no clips to learn from, or videos are missing or not looked at.
    """

    def __init__(self, recipe: Recipe, store: SkeletonStore, *, videos: Videos | None = None) -> None:
        super().__init__()
        self.recipe = recipe
        self.layout = recipe.model.skeleton_layout
        spec = recipe.model.clip
        training = labelled_clips(store, recipe.train_split)
        passed = passed_by_class(store, training, recipe.class_passes)
        numbers = numbers_of_classes(store, recipe.classes) if recipe.classes else None
        self.train_source = ClipSource(store, passed, spec, numbers=numbers)
        self.test_source = ClipSource(store, labelled_clips(store, recipe.test_split), spec, numbers=numbers)
        for split, source in ((recipe.train_split, self.train_source), (recipe.test_split, self.test_source)):
            if names := empty_clips(source, self.layout):
                logger.warning("split %r: %d clips have no detections: %s", split, len(names), ", ".join(names))
        self.outlier_sources = _outlier_sources(recipe.outliers, spec)
        if recipe.outliers.frozen:
            indices = _without(store, training, recipe.outliers.frozen_exclude, "frozen_exclude")
            self.outlier_sources.append(ClipSource(store, indices, spec, labelled=False, frozen=True))
        self.drawn_sources = [source.opened(spec, recipe.classes) for source in recipe.sources]
        if recipe.outliers.mixed:
            of_drawn = [replace(source, labelled=False, mixed=True) for source in self.drawn_sources]
            self.outlier_sources += [replace(self.train_source, labelled=False, mixed=True), *of_drawn]
        self.frame_source = frame_source(videos, recipe.model.rgb, reader=f"recipe {recipe.name} reads")
        if self.frame_source:
            used = np.unique(np.concatenate([self.train_source.indices, self.test_source.indices]))
            self.frame_source.check(store.names[index] for index in used)

    def transfer_batch_to_device(self, batch: Batch, device: torch.device, dataloader_idx: int) -> Batch:
        return batch.to(device)

    def train_dataloader(self) -> DataLoader[Sample]:
        sources = [self.train_source, *self.outlier_sources]
        sizes = [len(source.indices) for source in sources]
        num_outliers = round(sizes[0] * self.recipe.outliers.fraction)
        drawn = [
            (len(source.indices), wanted.per_epoch)
            for source, wanted in zip(self.drawn_sources, self.recipe.sources, strict=True)
        ]
        sampler = EpochSampler(sizes, num_outliers=num_outliers, seed=self.recipe.seed, drawn=drawn)
        sources += self.drawn_sources
        clips = TrainingClips(
            sources,
            augmentation=self.recipe.augmentation,
            layout=self.layout,
            seed=self.recipe.seed,
            frame_source=self.frame_source,
            objective=self.recipe.objective,
            outlier_label=outlier_label(self.recipe),
        )
        drop_last = len(sampler) > self.recipe.batch_size  # batch normalisation dislikes a tiny last batch
        return self._loader(clips, sampler=sampler, drop_last=drop_last)

    def val_dataloader(self) -> DataLoader[Sample]:
        return self._loader(TestClips(self.test_source, layout=self.layout, frame_source=self.frame_source))

    def _loader(self, clips: Dataset[Sample], **options: object) -> DataLoader[Sample]:
        return DataLoader(
            clips,
            batch_size=self.recipe.batch_size,
            collate_fn=collate,
            num_workers=self.recipe.num_workers,
            persistent_workers=self.recipe.num_workers > 0,
            **options,  # type: ignore[arg-type]
        )


def outlier_label(recipe: Recipe) -> int:
    """The number of the class that outliers are of; -1 where they are of none and scores for them shall be equal."""
    return recipe.classes.index(recipe.open_set.none) if recipe.open_set.none in recipe.classes else OUTLIER_LABEL


def empty_clips(source: ClipSource, layout: SkeletonLayout) -> list[str]:
    """Names of the clips without detections, or none above the thresholds; they train and are scored all the same."""
    sequences = (source.store[int(index)] for index in np.unique(source.indices))
    return [made.name for made in sequences if is_empty(convert(made, layout), source.spec)]


def labelled_clips(store: SkeletonStore, split: str) -> Int64[ndarray, " N"]:
    """Clips of a split that have a label; how many have none is logged.

    Raises:
        UserError: If the split is unknown or none of its clips has a label.
    """
    indices = store.split(split)
    has_label = store.labels[indices] >= 0
    if not has_label.any():
        raise UserError(f"split {split!r} of store {store.path} has no labelled clips")
    if not has_label.all():
        logger.warning(
            "split %r: %d of %d clips have no label and are left out", split, (~has_label).sum(), len(indices)
        )
    return indices[has_label]


def passed_by_class(
    store: SkeletonStore, indices: Int64[ndarray, " N"], class_passes: tuple[int, ...]
) -> Int64[ndarray, " P"]:
    """Each clip as often as an epoch shows its class; each time it is another random view.

    Raises:
        UserError: If there is not one number a class.
    """
    if not class_passes:
        return indices
    if len(class_passes) != len(store.classes):
        raise UserError(
            f"class_passes has {len(class_passes)} numbers, store {store.path} has {len(store.classes)} classes: "
            "give one number a class, or none"
        )
    return np.repeat(indices, np.array(class_passes)[store.labels[indices]])


def _outlier_sources(outliers: Outliers, spec: ClipSpec) -> list[ClipSource]:
    """All clips of the outlier stores but those of excluded classes, 3D ones seen from many sides."""
    sources = []
    spec = spec.with_space(yaw_deg=outliers.yaw_deg, pitch_deg=outliers.yaw_deg / 6)
    for path in outliers.stores:
        store = SkeletonStore.open(path)
        indices = _without(store, np.arange(len(store)), outliers.exclude, "exclude")
        sources.append(ClipSource(store, indices, spec, labelled=False))
    return sources


def _without(
    store: SkeletonStore, indices: Int64[ndarray, " N"], classes: tuple[str, ...], setting: str
) -> Int64[ndarray, " n"]:
    """The clips that are of none of these classes.

    Raises:
        UserError: If no clip is left.
    """
    excluded = [index for index, name in enumerate(store.classes) if name in classes]
    kept = indices[~np.isin(store.labels[indices], excluded)]
    if len(kept) == 0:
        raise UserError(f"outliers.{setting} leaves none of the clips of store {store.path}: name fewer classes")
    return kept


def _one_frame(sequence: SkeletonSequence, frame: int) -> SkeletonSequence:
    return sequence.replaced(
        keypoints=sequence.keypoints[:, frame : frame + 1], confidence=sequence.confidence[:, frame : frame + 1]
    )
