"""The contact sheet shows all there is."""

from dataclasses import replace

import numpy as np
import pytest

from posecube_studio import contact_sheet, motions
from posecube_studio.contact_sheet import ACTIONS, Still, draw_contact_sheet


def test_it_shows_every_action_that_is_one() -> None:
    assert [moment.action for moment in ACTIONS] == sorted(set(motions.ACTIONS) - {"idle"})
    assert len({moment.subject for moment in ACTIONS}) >= 14


def test_it_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def briefly(moment: Still) -> Still:
        return replace(moment, at=0.0, fps=1)

    monkeypatch.setattr(contact_sheet, "ACTIONS", tuple(map(briefly, (*ACTIONS[:1], *ACTIONS[5:6]))))
    for name in ("_ARC", "_DARK", "_TRUTH"):
        monkeypatch.setattr(contact_sheet, name, briefly(getattr(contact_sheet, name)))
    name, moment = next(iter(contact_sheet._DISTURBED.items()))
    monkeypatch.setattr(contact_sheet, "_DISTURBED", dict.fromkeys((name, "a", "b"), briefly(moment)))
    monkeypatch.setattr(contact_sheet, "_FINER", 1)
    done: list[tuple[int, int]] = []
    picture = draw_contact_sheet(width=900, progress=lambda *step: done.append(step))
    assert picture.shape[1:] == (900, 3) and picture.shape[0] > 1000
    assert done == [(index, 5) for index in range(1, 6)]
    assert (picture[:, :40] == picture[0, 0]).all(), "the margin is empty"
    assert picture[:, 40:-40].std() > 40


def test_a_close_up_holds_the_person_whole() -> None:
    moment = Still("idle", 0.5, fps=2)
    tile = contact_sheet._close_up(moment, 90)
    assert tile.shape == (90, 90, 3)
    shot = moment.shoot((128, 228))
    tall = np.ptp(shot.take.keypoints_xy[0, shot.index, :, 1])
    assert tall < 0.9 * 128  # an arc leaves room, which the close-up takes away
    assert (shot.with_joints() != shot.picture.image).any()
