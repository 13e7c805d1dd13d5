"""What top-down estimators share: regions of a shape around boxes and joints."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecube.pose.estimators.top_down import TopDown, box_region
from posecube.skeleton.layouts import COCO17


class Boxes:
    """A detector that always sees the same two people."""

    def find_boxes(self, image_rgb):
        return np.array([[10.0, 10, 30, 90], [50, 20, 60, 40]]), np.array([0.9, 0.5])


class Estimator(TopDown):
    layout = COCO17


def estimator(detector=None, aspect=0.75) -> TopDown:
    return Estimator(detector=detector, aspect=aspect, scale=1.25)


def test_without_a_detector_the_whole_frame_is_one_region():
    (region,) = estimator().find_people(np.zeros((100, 200, 3), np.uint8))
    left, top, right, bottom = region.box_xyxy
    assert left <= -0.5 and top <= -0.5 and right >= 199.5 and bottom >= 99.5


def test_boxes_become_regions_in_their_order():
    regions = estimator(Boxes()).find_people(np.zeros((100, 200, 3), np.uint8))
    assert [region.score for region in regions] == [0.9, 0.5]
    assert regions[0].center_xy == (20, 50) and regions[0].size_wh == pytest.approx((75, 100))


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0, 90), st.floats(0, 90), st.floats(0.3, 2))
def test_a_region_has_the_shape_and_holds_its_box(left, top, width, height, aspect):
    region = box_region((left, top, left + width, top + height), aspect=aspect, scale=1.2)
    assert region.size_wh[0] == pytest.approx(aspect * region.size_wh[1])
    x0, y0, x1, y1 = region.box_xyxy
    assert x0 <= left and y0 <= top and x1 >= left + width and y1 >= top + height


def test_the_region_of_joints_holds_them():
    keypoints = np.zeros((17, 2), np.float32)
    keypoints[:4] = [[100, 100], [140, 180], [120, 110], [999, 999]]
    confidence = np.array([0.9, 0.8, 0.7, 0.05] + [0] * 13, np.float32)
    left, top, right, bottom = estimator().region_of(keypoints, confidence).box_xyxy
    assert left < 100 and top < 100 and 140 < right < 250 and 180 < bottom < 250
    with pytest.raises(ValueError, match="at least one joint"):
        estimator().region_of(keypoints, np.zeros(17, np.float32))


def test_implausible_people_keep_the_region_that_was_asked_for():
    region = box_region((10, 10, 50, 90), aspect=0.75, scale=1.25)
    poses = estimator().judged(
        np.zeros((1, 17, 2), np.float32), np.zeros((1, 17), np.float32), [region], size_hw=(100, 100)
    )
    assert poses.score[0] == 0 and poses.next_regions == (region,)
