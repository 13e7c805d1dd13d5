"""Joints and video frames of one clip show the same part of the same video."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from builders import Films, make_sequence, make_store
from posecube.sampling import Augmentation, Clip, ClipSpec, MapSpace, training_clip, view_clips
from posecube.sampling.rgb.frame_source import VideoFrameSource, frame_source
from posecube.sampling.rgb.views import RgbSpec
from posecube.skeleton.layouts import NTU25
from posecube.store import SkeletonStore

CLIP = ClipSpec(clip_len=32, max_people=1, space=MapSpace(size_hw=(28, 28), test_size_hw=(32, 32)))
RGB = RgbSpec(clip_len=8, size_hw=(112, 112), test_size_hw=(128, 128))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SkeletonStore:
    return make_store(tmp_path_factory.mktemp("stores") / "generated", {"train": 3, "test": 2}, frames=32)


def spot(frame_rgb: np.ndarray) -> np.ndarray:
    """Where the nose is, in map pixels."""
    weights = frame_rgb[..., 1].astype(float) / frame_rgb[..., 1].sum()
    across = np.arange(frame_rgb.shape[1])
    return np.array([(weights * across).sum(), (weights * across[:, None]).sum()]) / 4


def agree(clip: Clip) -> bool:
    """Joints have every frame of the sequence, so those of a video frame are known by its number."""
    assert clip.frames_rgb is not None
    numbers = clip.frames_rgb[..., 0].max(axis=(1, 2))
    noses = clip.keypoints[0, numbers, 0]
    return all(np.abs(spot(frame) - nose).max() < 1.0 for frame, nose in zip(clip.frames_rgb, noses, strict=True))


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_training_clips_show_one_part_of_the_video(store: SkeletonStore, scale: float) -> None:
    footage = VideoFrameSource(Films(store, scale), RGB)
    augmentation = Augmentation(flip=0.5, crop_area=(0.8, 1.0), crop_aspect=(0.9, 1.1))
    rng, flipped = np.random.default_rng(0), set()
    for sequence in (store[0], store[1], store[2]) * 3:
        clip = footage.with_random_frames(training_clip(sequence, CLIP, augmentation, rng), sequence, rng)
        assert clip.frames_rgb is not None
        assert clip.frames_rgb.shape == (8, 112, 112, 3) and clip.frames_rgb.dtype == np.uint8
        assert agree(clip)
        flipped.add(clip.window.flipped)
    assert flipped == {False, True}


def test_a_trimmed_clip_shows_frames_of_its_stretch(store: SkeletonStore) -> None:
    footage, rng = VideoFrameSource(Films(store), RGB), np.random.default_rng(0)
    for _ in range(10):
        clip = training_clip(store[0], CLIP, Augmentation(trim=1.0, trim_fraction=0.4), rng)
        frames = footage.with_random_frames(clip, store[0], rng).frames_rgb
        assert frames is not None
        numbers = frames[..., 0].max(axis=(1, 2))
        assert clip.window.first <= numbers.min() and numbers.max() < clip.window.first + clip.window.num_frames


def test_views_of_testing_and_their_mirror_images(store: SkeletonStore) -> None:
    sequence = store[store.index("test001")]
    footage = VideoFrameSource(Films(store), RGB)
    clips = footage.with_frames(view_clips(sequence, CLIP, num_views=3, flips=True), sequence, flips=True)
    assert len(clips) == 6
    for straight, mirrored in zip(clips[::2], clips[1::2], strict=True):
        assert straight.frames_rgb is not None and mirrored.frames_rgb is not None
        assert straight.frames_rgb.shape == (8, 128, 128, 3)
        assert np.array_equal(straight.frames_rgb[:, :, ::-1], mirrored.frames_rgb)
        assert agree(straight) and agree(mirrored)


@pytest.mark.parametrize("fit", ["squash", "centre_crop"])
@pytest.mark.parametrize("crop", [True, False])
def test_frames_fit_into_their_square_as_maps_do(store: SkeletonStore, fit: str, crop: bool) -> None:
    spec = CLIP.with_space(test_fit=fit, crop=crop)
    clips = view_clips(store[0], spec, num_views=2, flips=True)
    shown = clips[0].window.box_xyxy[2:] - clips[0].window.box_xyxy[:2]
    whole = [600, 400] if fit == "squash" else [400, 400]
    assert crop or np.allclose(shown, whole)
    assert all(
        agree(clip) for clip in VideoFrameSource(Films(store, 0.5), RGB).with_frames(clips, store[0], flips=True)
    )


def test_it_goes_to_worker_processes(store: SkeletonStore) -> None:
    footage = pickle.loads(pickle.dumps(VideoFrameSource(Films(store), RGB)))
    (clip,) = footage.with_frames(view_clips(store[0], CLIP), store[0])
    assert agree(clip)


def test_every_clip_needs_its_video(store: SkeletonStore) -> None:
    footage = VideoFrameSource(Films(store), RGB)
    footage.check(store.names)
    with pytest.raises(FileNotFoundError, match="clip 'missing' has no video"):
        footage.check([*store.names, "missing"])


def test_joints_in_space_are_refused(store: SkeletonStore) -> None:
    in_space = replace(make_sequence(axes=3, layout=NTU25), name="train000")
    clips = view_clips(in_space, CLIP)
    with pytest.raises(ValueError, match="clip 'train000' has 3D joints: video frames are cut out around 2D ones"):
        VideoFrameSource(Films(store), RGB).with_frames(clips, in_space)


def test_videos_are_asked_for_where_they_are_looked_at(store: SkeletonStore) -> None:
    films = Films(store)
    assert frame_source(None, None, reader="recipe x reads") is None
    assert frame_source(films, RGB, reader="recipe x reads") == VideoFrameSource(films, RGB)
    with pytest.raises(ValueError, match=r"^weights x read video frames: give --videos DIR, the folder of"):
        frame_source(None, RGB, reader="weights x read")
    with pytest.raises(ValueError, match=r"^recipe x reads no video frames: leave --videos out$"):
        frame_source(films, None, reader="recipe x reads")
