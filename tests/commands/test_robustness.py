"""The command the whole way: models, a store, other poses, dark videos; one report."""

import json
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import fake_people
import numpy as np
import pytest
from fake_people import Walker, walking, write_video

from builders import CLASSES, make_model
from posecube.cli import build_parser, main
from posecube.commands.robustness import pose_sources, short_names
from posecube.evaluation.robustness import darkness
from posecube.skeleton import SkeletonSequence, find_layout
from posecube.store import StoreWriter

COCO17 = find_layout("coco17")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Two models, a store of three painted clips with their videos, and one of two of them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(darkness.EstimatorSource, "load", lambda _source: fake_people.make_painted())
    for seed, name in enumerate(("a", "b")):
        model, card = make_model(seed=seed)
        (tmp_path / name).mkdir()
        model.save(tmp_path / name / "weights.safetensors", card)
    for path, names in (("store", ("c0", "c1", "c2")), ("other", ("c0", "c2"))):
        with StoreWriter(tmp_path / path, layout=COCO17, classes=CLASSES) as writer:
            for name in names:
                rng = np.random.default_rng(int(name[1]))
                joints = rng.uniform(20, 100, (1, 16, 17, 2))
                writer.add(
                    SkeletonSequence(joints, np.ones((1, 16, 17)), COCO17, (120, 320), label=int(name[1]), name=name)
                )
            writer.set_split("test", list(names))
    for number in range(3):
        write_video(tmp_path / f"films/c{number}.mp4", [Walker(number, walking(60, 10))], num_frames=16)
    return tmp_path


def run(text: str) -> dict:
    assert main(["robustness", *text.split(), "--quiet"]) == 0
    out = text.split()[text.split().index("--out") + 1]
    return json.loads((Path(out) / "robustness.json").read_text())


def test_the_whole_way(folder, capsys) -> None:
    content = run(
        "a b --store store --split test --out report --corruptions drop_joint --seeds 0 1 --poses rough=other "
        "--own-poses exact --videos films --gammas 1 4 --brighten"
    )
    assert set(content["models"]) == {"a", "b"} and content["mean_area_over"] == [
        "drop_joint", "darkness", "darkness_brightened",
    ]  # fmt: skip
    dark = content["models"]["a"]["corruptions"]["darkness"]
    assert dark["severities"] == [1.0, 4.0] and dark["num_empty"] == [0, 3] and dark["top1"][1] == 0
    assert dark["empty"][1] == {"count": 3, "names": ["c0", "c1", "c2"]}
    assert content["poses"]["sources"] == {
        "exact": {"missing": {"count": 0, "names": []}}, "rough": {"missing": {"count": 1, "names": ["c1"]}},
    }  # fmt: skip
    shown = capsys.readouterr().out
    assert "darkness_brightened" in shown and "poses rough: no detections in 1 clips (c1)" in shown
    assert (folder / "report/darkness/gamma_1/manifest.json").is_file()
    assert {path.suffix for path in (folder / "report").glob("robustness.*")} == {".json", ".html", ".png"}


def test_how_clips_were_scored_is_said(folder) -> None:
    content = run(
        "a --store store --split test --out report --corruptions drop_joint --clips 2 --flip --smooth --precision bf16"
    )
    assert content["scored"] == (
        "split test of store, 2 clips of 3, drawn with seed 0, views: 1, mirror images too, joints smoothed, in bf16"
    )
    assert content["models"]["a"]["corruptions"]["drop_joint"]["num_clips"] == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--corruptions none", "leaves nothing to score: give --poses or --videos"),
        ("--poses other", "--poses expects NAME=STORE, such as rtmpose=stores/rtmpose, got 'other'"),
        ("--poses a=other a=store", "two sources are called 'a'"),
        ("--poses store=other", "two sources are called 'store'; those of --store are called 'store', --own-poses"),
        ("--poses a=missing", "no skeleton store at missing"),
        ("--clips 0", "--clips: must be at least 1 and at most 1,000,000, got 0"),
        ("--videos missing", "no folder of videos missing"),
        ("--videos films --gammas 3 2", "gammas must be two or more that rise"),
        ("--videos films --workers 0", "--workers: must be at least 1"),
        ("--videos films --video-pattern {name}_x", "clip 'c0' has no video"),
    ],
)
def test_misuses_are_one_line(folder, capsys, arguments, message) -> None:
    try:
        code = main(f"robustness a --store store --split test --out report {arguments}".split())
    except SystemExit as ended:  # the parser's way to end
        code = ended.code
    assert code == 2
    error = capsys.readouterr().err
    assert error.startswith("posecube") and ": error: " in error and error.count("\n") == 1 and message in error
    assert not list(folder.glob("report/*"))


def test_a_folder_that_cannot_be_written_is_found_before_anything_is_scored(folder, capsys, monkeypatch) -> None:
    monkeypatch.setattr(
        "posecube.evaluation.robustness.study.measure_robustness", lambda *_arguments, **_options: 1 / 0
    )
    (folder / "report/robustness.json").mkdir(parents=True)
    assert main(["robustness", "a", "--store", "store", "--split", "test", "--out", "report"]) == 2
    assert "cannot write report/robustness.json: it is a folder" in capsys.readouterr().err


def test_models_are_called_by_the_last_part_of_their_paths() -> None:
    assert short_names(["runs/a", "penn15-joint", "runs/b/weights.safetensors"]) == ["a", "penn15-joint", "b"]
    assert short_names(["runs/a", "old/a"]) == ["runs/a", "old/a"]
    with pytest.raises(ValueError, match="each model may be named once, got a, a"):
        short_names(["a", "a"])


def test_sources_keep_their_order(folder) -> None:
    sources = pose_sources(["b=other", "a=store"], own_name="own")
    assert [source.name for source in sources] == ["b", "a"]


def test_the_options_default_to_the_documented_ones() -> None:
    options: Callable[..., Namespace] = build_parser().parse_args
    plain = options(["robustness", "a", "--store", "s", "--split", "t", "--out", "o"])
    assert (plain.seeds, plain.views, plain.clips, plain.poses, plain.videos, plain.pose, plain.workers) == (
        [0], 1, None, [], None, "blazepose", 1,
    )  # fmt: skip
