"""Many clips: what cannot be read is left out and told."""

import pytest

from builders import make_sequence
from posecube.datasets.contents import labelled_contents, read_each
from posecube.datasets.labels import LabelledClip, LabelledClips
from posecube.skeleton.layouts import COCO17


def clip(name):
    def read():
        if name.startswith("bad"):
            raise ValueError(f"{name} is\nbroken")
        if name.startswith("lost"):
            raise FileNotFoundError(2, "No such file or directory", name)
        return make_sequence(None, name=name)

    return name, read


def test_reads_what_can_be_read(tmp_path):
    skipped, noted = {}, []
    clips = map(clip, ["a", "bad", "b", "lost"])
    sequences = read_each(clips, source=tmp_path, skipped=skipped, on_read=lambda one: noted.append(one.name))
    assert [sequence.name for sequence in sequences] == noted == ["a", "b"]
    assert skipped == {"bad": "bad is broken", "lost": "[Errno 2] No such file or directory: 'lost'"}


def test_names_that_are_no_text_are_left_out(tmp_path):
    skipped = {}
    sequences = read_each([clip("a\udce9"), clip("a")], source=tmp_path, skipped=skipped)
    assert [sequence.name for sequence in sequences] == ["a"]
    assert skipped == {"a\\udce9": "its name is no UTF-8 text; rename it"}


def test_reads_one_by_one(tmp_path):
    opened = []
    clips = (opened.append(name) or clip(name) for name in "abc")
    sequences = read_each(clips, source=tmp_path, skipped={})
    next(sequences)
    assert opened == ["a"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["bad", "lost"], "2 were skipped; the first, bad: bad is broken$"),
        ([], "no clip could be read, 0 were skipped$"),
    ],
)
def test_nothing(tmp_path, names, message):
    with pytest.raises(ValueError, match=message):
        list(read_each(map(clip, names), source=tmp_path, skipped={}))


def test_splits_hold_what_was_read(tmp_path):
    labelled = LabelledClips(
        (LabelledClip("a", 0, "train"), LabelledClip("bad", 0, "train"), LabelledClip("c", None, "test")),
        ("wave",),
        {"d": "not listed"},
    )
    contents = labelled_contents(tmp_path, labelled, layout=COCO17, read=lambda one: clip(one.name)[1]())
    assert len(list(contents.sequences)) == 2
    assert contents.splits == {"test": ["c"], "train": ["a"]}
    assert set(contents.skipped) == {"bad", "d"}


def test_without_splits_all_clips_are_one(tmp_path):
    labelled = LabelledClips((LabelledClip("a", None, None), LabelledClip("bad", None, None)), (), {})
    contents = labelled_contents(tmp_path / "x.json", labelled, layout=COCO17, read=lambda one: clip(one.name)[1]())
    list(contents.sequences)
    assert contents.splits == {"x": ["a"]}
