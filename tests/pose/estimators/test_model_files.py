"""Model files: found, fetched once, checked, and clear words when that fails. Nothing here touches the network."""

import hashlib
import io
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pooch
import pytest
import requests

from posecube.pose.estimators import model_files as models
from posecube.pose.estimators.model_files import MODEL_FILES, cache_folder, fetch_model, find_model

CONTENT = b"weights"


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """An empty cache, and records whose sha256 is that of CONTENT."""
    monkeypatch.setenv("POSECUBE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("POSECUBE_WEIGHTS", raising=False)
    digest = hashlib.sha256(CONTENT).hexdigest()
    for name, model in MODEL_FILES.items():
        monkeypatch.setitem(MODEL_FILES, name, replace(model, sha256=digest if model.sha256 else None))


def answer_with(monkeypatch, content: bytes) -> list[str]:
    asked = []

    def download(_downloader, address, target, _pooch):
        asked.append(address)
        Path(target).write_bytes(content)

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", download)
    return asked


def pip_brings(monkeypatch, members: dict[str, bytes] | None) -> list[list[str]]:
    commands = []

    def run(command, **_options):
        if "--version" in command:
            return subprocess.CompletedProcess(command, 0, "", "")
        commands.append(command)
        if members is None:
            return subprocess.CompletedProcess(command, 1, "", "WARNING: slow\nERROR: No matching distribution found\n")
        folder = command[command.index("--dest") + 1]
        with zipfile.ZipFile(f"{folder}/some-1.0.whl", "w") as wheel:
            for name, content in members.items():
                wheel.writestr(name, content)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(models.subprocess, "run", run)
    return commands


def test_records_are_complete():
    for name, model in MODEL_FILES.items():
        assert name == model.name and model.licence == "Apache-2.0" and model.megabytes > 0
        assert model.comes_in_a_wheel == ("==" in model.source)
    assert len({model.file_name for model in MODEL_FILES.values()}) == len(MODEL_FILES)


def test_both_models_come_from_one_wheel(monkeypatch):
    blazepose = [MODEL_FILES["blazepose-detector"], MODEL_FILES["blazepose-landmarks"]]
    commands = pip_brings(monkeypatch, {model.member: CONTENT for model in blazepose})
    for _ in range(2):
        for model in blazepose:
            path = fetch_model(model.name)
            assert path == cache_folder() / model.file_name and path.read_bytes() == CONTENT
    assert len(commands) == 1
    assert {"download", "--no-deps", "mediapipe==0.10.21"} <= set(commands[0])
    assert sorted(path.name for path in cache_folder().iterdir()) == sorted(model.file_name for model in blazepose)


def test_a_plain_download(monkeypatch):
    asked = answer_with(monkeypatch, CONTENT)
    assert fetch_model("yolox-nano").read_bytes() == CONTENT
    fetch_model("yolox-nano")
    assert asked == [MODEL_FILES["yolox-nano"].source]


def test_a_model_inside_a_zip(monkeypatch):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("20230504/rtmpose/end2end.onnx", b"any")
    answer_with(monkeypatch, packed.getvalue())
    assert fetch_model("rtmpose-m").read_bytes() == b"any"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("yolox-nano", b"something else", "sha256 .* was expected"),
        ("rtmpose-m", b"not a zip", "what came is not an archive"),
    ],
)
def test_a_wrong_download_leaves_nothing_behind(monkeypatch, name, content, reason):
    answer_with(monkeypatch, content)
    with pytest.raises(FileNotFoundError, match=reason):
        fetch_model(name)
    assert list(cache_folder().iterdir()) == []


def test_offline_says_what_to_do(monkeypatch):
    def no_network(*_arguments):
        raise requests.ConnectionError("HTTPSConnectionPool: a long story")

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", no_network)
    pip_brings(monkeypatch, None)
    for name, reason in (
        ("yolox-nano", "no connection to github.com"),
        ("blazepose-detector", "No matching distribution found"),
    ):
        with pytest.raises(FileNotFoundError) as caught:
            fetch_model(name)
        message, model = str(caught.value), MODEL_FILES[name]
        assert "\n" not in message
        for part in (reason, model.source, model.file_name, str(cache_folder())):
            assert part in message


def test_without_pip(monkeypatch):
    monkeypatch.setattr(models, "_pip_command", lambda: None)
    with pytest.raises(FileNotFoundError, match="pip is missing; add it with: python -m ensurepip"):
        fetch_model("blazepose-detector")


def test_a_folder_of_the_users_comes_first(tmp_path, monkeypatch):
    monkeypatch.setenv("POSECUBE_WEIGHTS", str(tmp_path))
    assert find_model("yolox-nano") is None
    (tmp_path / "yolox_nano.onnx").write_bytes(b"the user's own")
    assert find_model("yolox-nano") == fetch_model("yolox-nano") == tmp_path / "yolox_nano.onnx"


def test_a_damaged_cache_is_fetched_anew(monkeypatch, caplog):
    cache_folder().mkdir()
    (cache_folder() / "yolox_nano.onnx").write_bytes(b"half")
    assert find_model("yolox-nano") is None and "is damaged" in caplog.text
    answer_with(monkeypatch, CONTENT)
    caplog.clear()
    assert fetch_model("yolox-nano").read_bytes() == CONTENT
    assert len(caplog.records) == 1, "one line says so"


def test_an_answer_that_is_an_error_is_told(monkeypatch):
    def missing(*_arguments):
        raise requests.HTTPError("404 Client Error: Not Found", response=requests.Response())

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", missing)
    with pytest.raises(FileNotFoundError, match=r"could not be fetched .404 Client Error: Not Found"):
        fetch_model("yolox-nano")


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="unknown pose model file 'hrnet'; known: blazepose-detector"):
        find_model("hrnet")
