"""Waving and standing about, for several people and styles."""

import numpy as np

from posecube.skeleton import find_layout
from posecube_studio.take import plan_take

NTU25 = find_layout("ntu25")


def act(action: str, seed: int) -> np.ndarray:
    return plan_take(action, subject=seed, seed=seed).performers[0].posture.joints(NTU25)


def test_a_waving_hand_is_up_and_goes_to_and_fro() -> None:
    hands_up, heights_m = [], []
    for seed in range(10):
        joints = act("wave", seed)
        above = [joints[:, NTU25.index(f"{side}_hand_tip"), 1] - joints[:, NTU25.index("thorax"), 1]
                 for side in ("left", "right")]  # fmt: skip
        raised = [side for side, rise in zip(("left", "right"), above, strict=True) if rise.max() > 0]
        tip = joints[:, NTU25.index(f"{raised[-1]}_hand_tip")]
        moves = np.diff((tip - joints[:, NTU25.index("thorax")])[:, [0, 2]][above[raised[-1] == "right"] > 0], axis=0)
        turns_back = (moves[1:] * moves[:-1]).sum(axis=-1) < 0
        assert turns_back.sum() >= 3, seed
        hands_up.append(len(raised))
        heights_m.append(max(rise.max() for rise in above))
    assert set(hands_up) == {1, 2}, "most with one hand, some with both"
    assert np.ptp(heights_m) > 0.2


def test_one_who_stands_about_keeps_his_feet_still() -> None:
    wrists = []
    for seed in range(10):
        joints = act("idle", seed)
        for side in ("left", "right"):
            assert np.ptp(joints[:, NTU25.index(f"{side}_foot")], axis=0).max() < 0.005
        arm = joints[-1, NTU25.index("left_wrist")] - joints[-1, NTU25.index("left_shoulder")]
        wrists.append(float(np.linalg.norm(arm)))
    assert np.ptp(wrists) > 0.1, "some let the arms hang, some fold them"
