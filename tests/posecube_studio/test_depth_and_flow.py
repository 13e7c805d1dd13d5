"""16-bit PNG files of depth and flow say what they were given, to half a step."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from posecube_studio.depth_and_flow import FLOW_STEP_M, FLOW_ZERO, read_depth, read_flow, write_depth, write_flow


def test_depth_is_millimetres_and_nothing_is_0(tmp_path: Path) -> None:
    depth = np.array([[0.0, 0.5004, 65.535], [np.inf, 65.6, 3.14159]], dtype=np.float32)
    write_depth(tmp_path / "depth.png", depth)
    stored = cv2.imread(str(tmp_path / "depth.png"), cv2.IMREAD_UNCHANGED)
    assert stored.dtype == np.uint16 and stored.tolist() == [[0, 500, 65535], [0, 0, 3142]]
    np.testing.assert_allclose(read_depth(tmp_path / "depth.png"), stored / 1000, rtol=1e-6)


def test_flow_comes_back_to_half_a_step(tmp_path: Path) -> None:
    flow = np.random.default_rng(0).uniform(-3.2, 3.2, size=(5, 7, 3)).astype(np.float32)
    write_flow(tmp_path / "flow.png", flow)
    back = read_flow(tmp_path / "flow.png")
    assert back.dtype == np.float32
    np.testing.assert_allclose(back, flow, atol=FLOW_STEP_M / 2 + 1e-6)


def test_flow_is_coded_as_red_green_blue_around_32768(tmp_path: Path) -> None:
    flow = np.array([[[0.001, -0.002, 0.003], [0, 0, 0], [np.nan, 0, 0], [0, 3.3, 0], [0, 0, -3.2767]]], np.float32)
    write_flow(tmp_path / "flow.png", flow)
    blue_first = cv2.imread(str(tmp_path / "flow.png"), cv2.IMREAD_UNCHANGED)
    assert blue_first[0, 0, ::-1].tolist() == [FLOW_ZERO + 10, FLOW_ZERO - 20, FLOW_ZERO + 30]
    assert blue_first[0, 2:4].tolist() == [[0, 0, 0], [0, 0, 0]], "unknown, or too far: no motion is known"
    back = read_flow(tmp_path / "flow.png")
    assert (back[0, 1] == 0).all(), "rest is exact"
    assert np.isnan(back[0, 2:4]).all() and np.isfinite(back[0, [0, 1, 4]]).all()


@pytest.mark.parametrize("read", [read_depth, read_flow])
def test_other_files_are_refused(tmp_path: Path, read) -> None:
    with pytest.raises(FileNotFoundError, match=r"missing.png: no such file"):
        read(tmp_path / "missing.png")
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.png").write_text("a letter")
    cv2.imwrite(str(tmp_path / "photo.png"), np.zeros((4, 4, 3), np.uint8))
    for name in ("empty", "text", "photo"):
        with pytest.raises(ValueError, match=rf"{name}.png: expected a 16-bit PNG of .* channel"):
            read(tmp_path / f"{name}.png")
