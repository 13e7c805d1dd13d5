"""Which videos paths stand for."""

import pytest

from posecube.errors import UserError
from posecube.video.picture_sequence import PictureFiles
from posecube.video.sources import find_sources


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Videos, pictures, both, and other things; only names count."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "c/2.mp4", "c/10.MP4", "c/note.txt", "c/cover.jpg", "c/deep/a.gif", "c/.hidden/b.mp4", "c/.x.mp4",
        "p/img_1.jpg", "p/img_2.jpg", "p/img_10.jpg", "one/a.png", "none/a.txt",
    ):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def found(folder, *names: str) -> list[str]:
    videos = find_sources([folder / name for name in names]).videos
    return [str((v.path if isinstance(v, PictureFiles) else v).relative_to(folder)) for v in videos]


def test_a_folder_stands_for_the_videos_in_it_in_natural_order(folder) -> None:
    assert found(folder, "c") == ["c/2.mp4", "c/10.MP4", "c/deep/a.gif"]
    skipped = {str(path.relative_to(folder)): why for path, why in find_sources([folder / "c"]).skipped}
    assert skipped["c/note.txt"] == "no video by its name" and skipped["c/.x.mp4"] == "hidden"
    assert "pictures beside videos" in skipped["c/cover.jpg"] and "link" in skipped["c/.hidden"]
    assert len(skipped) == 4


def test_a_folder_of_pictures_alone_is_one_video(folder) -> None:
    assert found(folder, "p") == found(folder, "")[-1:] == ["p"]
    sources = find_sources([folder / "p"])
    assert sources.is_single and sources.has_pictures
    assert [file.name for file in sources.files] == ["img_1.jpg", "img_2.jpg", "img_10.jpg"]


def test_what_a_shell_makes_of_a_pattern_is_the_pattern(folder) -> None:
    sources = find_sources(sorted((folder / "p").iterdir()))
    assert sources.is_single and len(list(sources.files)) == 3
    assert found(folder, "c/*.[mM]*4", "p/*.jpg") == ["c/2.mp4", "c/10.MP4", "p/*.jpg"]


def test_a_video_is_taken_once(folder) -> None:
    (folder / "link.mp4").symlink_to(folder / "c/2.mp4")
    assert found(folder, "c/2.mp4", "c", "link.mp4") == ["c/2.mp4", "c/10.MP4", "c/deep/a.gif"]


def test_one_file_is_itself_and_a_folder_of_one_is_a_list(folder) -> None:
    assert find_sources([folder / "c/2.mp4"]).is_single
    assert not find_sources([folder / "c/deep"]).is_single


@pytest.mark.parametrize(("name", "why"), [("one", "with a single picture"), ("none", "no video by its name")])
def test_nothing_found_says_why(folder, name, why) -> None:
    with pytest.raises(UserError, match=f"no video found in the directory; skipped .*{why}"):
        find_sources([folder / name])
