import math
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from golden.files import VOLUMES
from posecube.representation import render_joint_volume, render_limb_volume
from posecube.sampling import (
    PUBLISHED_AUGMENTATION,
    ROBUST_AUGMENTATION,
    Augmentation,
    BodySpace,
    ClipSpec,
    ImageSpace,
    MapSpace,
    ResampledTimes,
    StrideFrames,
    UniformFrames,
    clip_rng,
    training_clip,
    uniform_frames,
    view_clips,
)
from posecube.sampling.frames import Frames, resampled_times
from posecube.sampling.geometry import flip
from posecube.skeleton import SkeletonSequence, find_layout

COCO, NTU = find_layout("coco17"), find_layout("ntu25")
SPEC = ClipSpec(clip_len=16, max_people=2, space=MapSpace(size_hw=(32, 40)))
FLAT = Augmentation()


def sequence(*, people: int = 1, frames: int = 30, axes: int = 2, seed: int = 0) -> SkeletonSequence:
    rng = np.random.default_rng(seed)
    layout = COCO if axes == 2 else NTU
    keypoints = rng.uniform(60, 160, (people, frames, layout.num_joints, axes)).astype(np.float32)
    return SkeletonSequence(
        keypoints=keypoints if axes == 2 else keypoints / 80,
        confidence=rng.uniform(0.1, 1, keypoints.shape[:-1]).astype(np.float32),
        layout=layout,
        size_hw=(200, 240) if axes == 2 else (0, 0),
        name="a clip",
    )


@pytest.mark.parametrize("axes", [2, 3])
@pytest.mark.parametrize("people", [1, 2, 4])
@pytest.mark.parametrize("frames", [UniformFrames(), StrideFrames()])
@pytest.mark.parametrize("crop", [True, False])
def test_shapes(people: int, axes: int, frames: Frames, crop: bool) -> None:
    source = sequence(people=people, axes=axes)
    spec = SPEC.with_space(crop=crop).model_copy(update={"frames": frames})
    clips = [training_clip(source, spec, ROBUST_AUGMENTATION, np.random.default_rng(0))]
    clips += view_clips(source, spec, num_views=3, flips=True)
    assert len(clips) == 1 + 3 * 2
    for clip in clips:
        assert clip.keypoints.shape == (2, 16, source.layout.num_joints, 2)
        assert clip.confidence.shape == (2, 16, source.layout.num_joints)
        assert clip.keypoints.dtype == clip.confidence.dtype == np.float32
        assert clip.keypoints.flags.c_contiguous and clip.confidence.flags.c_contiguous


@given(frames=st.integers(1, 80), people=st.integers(1, 3), seed=st.integers(0, 2**16))
@settings(deadline=None, max_examples=40)
def test_any_length_and_any_number_of_people(frames: int, people: int, seed: int) -> None:
    source = sequence(people=people, frames=frames, seed=seed)
    clip = training_clip(source, SPEC, ROBUST_AUGMENTATION, np.random.default_rng(seed))
    assert clip.keypoints.shape == (2, 16, 17, 2)
    assert np.isfinite(clip.keypoints).all()
    assert clip.confidence.min() >= 0 and clip.confidence.max() <= 1


def test_training_is_a_function_of_seed_epoch_and_name() -> None:
    source = sequence()

    def draw(*key: object) -> np.ndarray:
        return training_clip(source, SPEC, PUBLISHED_AUGMENTATION, clip_rng(*key)).keypoints

    np.testing.assert_array_equal(draw(0, 3, "a"), draw(0, 3, "a"))
    for other in [(1, 3, "a"), (0, 4, "a"), (0, 3, "b")]:
        assert not np.array_equal(draw(0, 3, "a"), draw(*other))


def test_clip_rng_stays_as_it_is() -> None:
    """The number is this function's own when written: runs must be repeatable by later versions."""
    assert clip_rng(1, 2, "clip").integers(10**6) == clip_rng(1, 2, "clip").integers(10**6) == 675961


def test_test_views_are_a_function_of_the_sequence() -> None:
    first, second = (view_clips(sequence(frames=99), SPEC, num_views=3) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.keypoints, other.keypoints)
    assert not np.array_equal(first[0].keypoints, first[1].keypoints)


def test_each_view_is_followed_by_its_mirror_image() -> None:
    plain = view_clips(sequence(), SPEC, num_views=2)
    both = view_clips(sequence(), SPEC, num_views=2, flips=True)
    for view, clip in enumerate(plain):
        np.testing.assert_array_equal(both[2 * view].keypoints, clip.keypoints)
        mirrored, sure = flip(clip.keypoints, clip.confidence, layout=COCO, width_px=40)
        seen = sure > 0
        np.testing.assert_allclose(both[2 * view + 1].keypoints[seen], mirrored[seen])
        np.testing.assert_array_equal(both[2 * view + 1].confidence, sure)


def test_absent_people_are_padded_with_confidence_0() -> None:
    clip = training_clip(sequence(people=1), SPEC, ROBUST_AUGMENTATION, np.random.default_rng(0))
    assert clip.confidence[0].any()
    assert not clip.confidence[1].any()
    assert not clip.keypoints[1].any()


def test_the_surest_people_are_kept_in_their_order() -> None:
    source = sequence(people=4)
    sureness = np.array([0.2, 0.9, 0.1, 0.5], np.float32)[:, None, None]
    source = source.replaced(confidence=np.ones_like(source.confidence) * sureness)
    for clip in (view_clips(source, SPEC)[0], training_clip(source, SPEC, FLAT, np.random.default_rng(0))):
        assert clip.confidence[:, 0, 0].tolist() == pytest.approx([0.9, 0.5])


@pytest.mark.parametrize("axes", [2, 3])
@pytest.mark.parametrize("people", [1, 3])
def test_empty_skeletons_survive(axes: int, people: int) -> None:
    source = sequence(axes=axes, people=people)
    source = source.replaced(
        keypoints=np.full_like(source.keypoints, np.nan), confidence=np.zeros_like(source.confidence)
    )
    for seed in range(10):
        clip = training_clip(source, SPEC, ROBUST_AUGMENTATION, np.random.default_rng(seed))
        assert not clip.confidence.any()
        volume = render_joint_volume(
            *map(torch.from_numpy, (clip.keypoints, clip.confidence)), size_hw=SPEC.map.size_hw
        )
        assert not volume.any()
    assert not any(clip.confidence.any() for clip in view_clips(source, SPEC, num_views=2, flips=True))


@pytest.mark.parametrize("axes", [2, 3])
def test_the_sequence_is_left_as_it_is(axes: int) -> None:
    source = sequence(axes=axes, people=2)
    keypoints, confidence = source.keypoints.copy(), source.confidence.copy()
    source.keypoints.flags.writeable = source.confidence.flags.writeable = False  # as a memory-mapped store's are
    for seed in range(10):
        training_clip(source, SPEC, ROBUST_AUGMENTATION, np.random.default_rng(seed))
    view_clips(source, SPEC, num_views=2, flips=True)
    np.testing.assert_array_equal(source.keypoints, keypoints)
    np.testing.assert_array_equal(source.confidence, confidence)


def test_without_augmentation_training_sees_the_test_crop() -> None:
    source = sequence(frames=16)  # as many frames as the clip: both samplers take them all
    trained = training_clip(source, SPEC, FLAT, np.random.default_rng(0))
    tested = view_clips(source, SPEC)[0]
    np.testing.assert_allclose(trained.keypoints, tested.keypoints, atol=1e-4)
    np.testing.assert_array_equal(trained.confidence, tested.confidence)


def test_the_crop_keeps_every_seen_joint_in_the_map() -> None:
    clip = view_clips(sequence(people=2), SPEC)[0]
    assert clip.keypoints.min() >= 0
    assert clip.keypoints[..., 0].max() <= 40 and clip.keypoints[..., 1].max() <= 32


def test_without_crop_the_frame_fills_the_map() -> None:
    source = sequence(frames=16)
    clip = view_clips(source, SPEC.with_space(crop=False))[0]
    np.testing.assert_allclose(clip.keypoints[0], source.keypoints[0] * (40 / 240, 32 / 200), rtol=1e-5)


def test_3d_views_turn_the_camera() -> None:
    source = sequence(axes=3)
    spec = SPEC.with_space(yaw_deg=90.0)
    front, side, _ = view_clips(source, spec, num_views=3)
    alone = view_clips(source, SPEC)[0]
    np.testing.assert_array_equal(front.keypoints[:, 0], view_clips(source, SPEC, num_views=3)[0].keypoints[:, 0])
    assert not np.allclose(front.keypoints, side.keypoints)
    assert alone.keypoints.shape == front.keypoints.shape


def test_facing_the_subject_takes_the_sensors_place_out() -> None:
    spec = SPEC.with_space(face_subject=True)
    source = sequence(axes=3, frames=16)
    turn = np.array([[math.cos(1.0), 0, math.sin(1.0)], [0, 1, 0], [-math.sin(1.0), 0, math.cos(1.0)]])
    middle = (source.keypoints.min((0, 1, 2)) + source.keypoints.max((0, 1, 2))) / 2
    elsewhere = source.replaced(keypoints=((source.keypoints - middle) @ turn.T + middle).astype(np.float32))
    one, other = view_clips(source, spec)[0], view_clips(elsewhere, spec)[0]
    without = view_clips(elsewhere, SPEC)[0]
    gap = np.abs(one.keypoints - other.keypoints).max()
    assert gap < 2, "equal but for the middle of another bounding box"
    assert np.abs(one.keypoints - without.keypoints).max() > 5 * gap


def _published(name: str) -> tuple[SkeletonSequence, np.lib.npyio.NpzFile]:
    golden = np.load(VOLUMES / f"{name}.npz")
    missing = ~golden["in_keypoint"].any(-1)  # (0, 0) is what the published files write for a joint not found
    source = SkeletonSequence(
        keypoints=golden["in_keypoint"].astype(np.float32),
        confidence=np.where(missing, 0, golden["in_keypoint_score"]).astype(np.float32).clip(0, 1),
        layout=COCO,
        size_hw=tuple(golden["in_img_shape"].tolist()),
    )
    return source, golden


@pytest.mark.parametrize("shows", ["joint", "limb"])
def test_a_test_view_is_the_published_pipelines(shows: str) -> None:
    """MMAction2's whole way from an annotation to a volume: frames, crop to the subject, resize, drawing."""
    source, golden = _published(f"mmaction2_pipe_T75_{shows}_double0")
    np.testing.assert_array_equal(uniform_frames(75, 48), golden["s0_UniformSampleFrames__frame_inds"])
    clip = view_clips(source, ClipSpec(clip_len=48, max_people=2, space=MapSpace(size_hw=(64, 64))))[0]
    keypoints, confidence = torch.from_numpy(clip.keypoints), torch.from_numpy(clip.confidence)
    if shows == "joint":
        volume = render_joint_volume(keypoints, confidence, size_hw=(64, 64))
    else:
        volume = render_limb_volume(keypoints, confidence, limbs=COCO.limbs, size_hw=(64, 64))
    np.testing.assert_allclose(volume.numpy(), golden["s6_FormatShape__imgs"][0], atol=1e-5)


def test_a_mirrored_view_is_the_published_mirror_image(shared: Path) -> None:
    """But for pixels at a spot's rim: we mirror joints and then cut, they cut and then mirror pixels."""
    source, golden = _published("mmaction2_pipe_T75_joint_double1")
    _, mirrored = view_clips(source, ClipSpec(clip_len=48, space=MapSpace(size_hw=(64, 64))), flips=True)
    volume = render_joint_volume(*map(torch.from_numpy, (mirrored.keypoints, mirrored.confidence)), size_hw=(64, 64))
    difference = np.abs(volume.numpy() - golden["s6_FormatShape__imgs"][1])
    assert difference.max() < math.exp(-(3.0**2) / 2), "the height of a spot at 3 sigma"


class TestSpacesOfGraphNetworks:
    def test_an_image_reaches_from_minus_one_to_one(self):
        source = sequence(people=1)
        clip = view_clips(source, ClipSpec(clip_len=8, max_people=1, space=ImageSpace(crop=False)))[0]
        frames = uniform_frames(source.num_frames, 8)
        half = np.array([source.size_hw[1], source.size_hw[0]]) / 2
        np.testing.assert_allclose(clip.keypoints, (source.keypoints[:, frames] - half) / half, atol=1e-5)

    def test_a_flip_changes_the_sign_of_x_and_the_sides(self):
        spec = ClipSpec(clip_len=8, max_people=1, space=ImageSpace())
        plain, mirrored = view_clips(sequence(people=1), spec, flips=True)
        swapped = plain.keypoints[..., list(COCO.joint_mirror), :] * (-1, 1)
        np.testing.assert_allclose(mirrored.keypoints, swapped, atol=1e-5)

    def test_motion_is_the_move_to_the_next_frame_and_the_last_frame_has_none(self):
        source = sequence(people=1)
        spec = ClipSpec(clip_len=source.num_frames, max_people=1, space=ImageSpace(crop=False))
        places = view_clips(source, spec)[0]
        moves = view_clips(source, spec.with_space(motion=True))[0]
        np.testing.assert_allclose(moves.keypoints[:, :-1], np.diff(places.keypoints, axis=1), atol=1e-5)
        assert not moves.keypoints[:, -1].any() and not moves.confidence[:, -1].any()

    def test_three_axes_need_3d_joints(self):
        with pytest.raises(ValueError, match="space 'body' needs 3D joints"):
            view_clips(sequence(people=1), ClipSpec(clip_len=8, space=BodySpace()))

    @pytest.mark.parametrize(
        ("space", "extra"),
        [
            ({"kind": "map", "motion": True}, "motion"),
            ({"kind": "body", "face_subject": True}, "face_subject"),
            ({"kind": "body", "crop": False}, "crop"),
            ({"kind": "upright", "padding": 0.5}, "padding"),
            ({"kind": "image", "size_hw": (8, 8)}, "size_hw"),
            ({"kind": "square", "test_fit": "squash"}, "test_fit"),
        ],
    )
    def test_what_does_not_go_together_cannot_be_written(self, space, extra):
        with pytest.raises(ValueError, match=f"{extra}\n.*Extra inputs"):
            ClipSpec(space=space)

    @pytest.mark.parametrize("frames", [{"kind": "uniform", "stride": 4}, {"kind": "resample", "stride": 4}])
    def test_a_stride_belongs_to_frames_at_a_fixed_distance(self, frames):
        with pytest.raises(ValueError, match=r"stride\n.*Extra inputs"):
            ClipSpec(frames=frames)

    def test_a_map_is_asked_for_where_there_is_one(self):
        assert SPEC.map is SPEC.space
        with pytest.raises(ValueError, match=r"expected joints on a map, clip\.space is 'body': set it to 'map'"):
            _ = ClipSpec(space=BodySpace()).map

    def test_the_test_size_may_be_another(self):
        spec = ClipSpec(clip_len=8, max_people=1, space=MapSpace(size_hw=(56, 56), test_size_hw=(64, 64)))
        small, large = (view_clips(sequence(people=1), it)[0] for it in (ClipSpec(clip_len=8, max_people=1), spec))
        np.testing.assert_allclose(large.keypoints, small.keypoints * (64 / 56), rtol=1e-5)


class TestResampledClips:
    SPEC = ClipSpec(clip_len=7, max_people=1, frames=ResampledTimes(), space=ImageSpace(crop=False))

    def test_joints_are_interpolated_between_frames(self):
        source = sequence(people=1, frames=4)
        whole = view_clips(source, self.SPEC.model_copy(update={"clip_len": 4}))[0]
        finer = view_clips(source, self.SPEC)[0]
        np.testing.assert_allclose(finer.keypoints[:, ::2], whole.keypoints, atol=1e-6)
        middle = (whole.keypoints[:, 1:] + whole.keypoints[:, :-1]) / 2
        np.testing.assert_allclose(finer.keypoints[:, 1::2], middle, atol=1e-6)

    def test_between_a_seen_and_a_missing_joint_nothing_is_seen(self):
        source = sequence(people=1, frames=4)
        confidence, keypoints = source.confidence.copy(), source.keypoints.copy()
        confidence[0, 1, 3] = 0
        keypoints[0, 1, 3] = np.nan
        clip = view_clips(source.replaced(keypoints=keypoints, confidence=confidence), self.SPEC)[0]
        assert (clip.confidence[0, :, 3] > 0).tolist() == [True, False, False, False, True, True, True]
        assert np.isfinite(clip.keypoints).all()

    def test_motion_goes_to_the_next_time_and_the_last_has_none(self):
        source = sequence(people=1, frames=5)
        places = view_clips(source, self.SPEC)[0].keypoints
        moves = view_clips(source, self.SPEC.with_space(motion=True))[0]
        np.testing.assert_allclose(moves.keypoints[:, :-1], np.diff(places, axis=1), atol=1e-6)
        assert not moves.confidence[:, -1].any()

    def test_further_views_move_from_the_beginning_to_the_end(self):
        times = resampled_times(11, 5, num_clips=3).reshape(3, 5)
        np.testing.assert_allclose(times[:, 0], [0, 0, 1])
        np.testing.assert_allclose(times[:, -1], [10, 9, 10])

    def test_a_single_frame_is_held(self):
        clip = view_clips(sequence(people=1, frames=1), self.SPEC, num_views=2)[1]
        assert (clip.keypoints == clip.keypoints[:, :1]).all()


def test_records_are_shown_by_their_shapes():
    clip = view_clips(sequence(), SPEC)[0]
    assert len(repr(clip)) < 120 and repr(clip).startswith(
        "Clip(keypoints (2, 16, 17, 2), Window(frames 0 to 29, box ("
    )
