"""How many people the tracker sees in real videos with the default estimator; skipped without data or weights."""

from itertools import islice

import pytest

from posecube.pose.estimators.loading import load_estimator
from posecube.pose.estimators.model_files import find_model
from posecube.pose.tracking.people import track_people
from posecube.pose.types import PoseEstimator
from posecube.video.reader import read_frames


@pytest.fixture(scope="module")
def estimator() -> PoseEstimator:
    for name in ("blazepose-detector", "blazepose-landmarks"):
        if find_model(name) is None:
            pytest.skip("BlazePose's weights are not cached; any `posecube recognize` fetches them")
    return load_estimator("blazepose", threads=1)


@pytest.mark.parametrize(
    ("name", "num_frames", "num_people"),
    [
        ("one_person_drinking_ntu.avi", 10, 1),
        ("two_people_ntu.mp4", 12, 2),
        ("three_people_aerobics.avi", 8, 3),
        ("two_people_basketball.mp4", 16, 2),
        ("nobody_swimming_pool.mp4", 32, 0),
    ],
)
def test_everybody_is_found_from_the_first_frame_on_and_nobody_else(estimator, shared, name, num_frames, num_people):
    frames = islice(read_frames(shared / "data" / "videos" / name, threads=1), num_frames)
    ids = [{person.id for person in people} for _, people in track_people(frames, estimator)]
    assert len(ids) == num_frames and set().union(*ids) == set(range(1, num_people + 1))
    assert sum(len(present) for present in ids) >= 0.9 * num_people * num_frames
