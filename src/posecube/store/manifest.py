"""The manifest of a skeleton store: one small JSON file that says what lies in the folder."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from posecube.errors import UserError
from posecube.files import write_text
from posecube.skeleton.layout import SkeletonLayout
from posecube.skeleton.layouts import LAYOUTS

FORMAT: Final = "posecube-skeletons"
VERSION: Final = 1
MANIFEST_NAME = "manifest.json"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StoredFile(_Record):
    """A file of the store with the size that it must have; a shorter one was cut in copying."""

    file: str = Field(pattern=r"^[\w.-]+$")
    num_rows: int = Field(ge=0)
    num_bytes: int = Field(ge=0)


class StoredLayout(_Record):
    """The layout in full, so that a store of one's own layout says what its joints are."""

    name: str
    joints: tuple[str, ...]
    limbs: tuple[tuple[str, str], ...]

    @staticmethod
    def of(layout: SkeletonLayout) -> StoredLayout:
        """A layout as it is written."""
        return StoredLayout(name=layout.name, joints=layout.joints, limbs=layout.limbs_by_name)


class Manifest(_Record):
    """What a store holds.

    Attributes:
        num_axes: 2 for pixels, 3 for metres; None before the first clip.
        shards: Arrow files of clips, in order; ``num_rows`` counts clips.
        splits: Arrow file of the split table; ``num_rows`` counts splits. None where there are no splits.
        clips_sha256: Digest of all clips in order, carried on from clip to clip, independent of the sharding.
        splits_sha256: Digest of the split table.
        fingerprint: Digest of everything above that training can depend on.
    """

    format: Literal["posecube-skeletons"] = FORMAT
    version: Literal[1] = VERSION
    layout: StoredLayout
    num_axes: Literal[2, 3] | None = None
    classes: tuple[str, ...]
    shards: tuple[StoredFile, ...] = ()
    splits: StoredFile | None = None
    clips_sha256: str = ""
    splits_sha256: str = ""
    fingerprint: str = ""

    @property
    def num_clips(self) -> int:
        """Clips of all shards."""
        return sum(shard.num_rows for shard in self.shards)

    def fingerprinted(self) -> Manifest:
        """A copy whose fingerprint matches its fields."""
        content = self.model_dump(include={"layout", "classes", "clips_sha256", "splits_sha256"})
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        return self.model_copy(update={"fingerprint": digest})

    def skeleton_layout(self, where: Path) -> SkeletonLayout:
        """The layout as an object; one of ours must still have the joints that it had when the store was written.

        Raises:
            UserError: If the layout's name is ours and its joints are not.
        """
        known = LAYOUTS.get(self.layout.name)
        if known is None:
            return SkeletonLayout(self.layout.name, self.layout.joints, self.layout.limbs)
        if known.joints != self.layout.joints:
            raise UserError(
                f"store {where}: its layout {known.name} has other joints than this posecube's {known.name}: "
                f"{', '.join(self.layout.joints)}; import the data again"
            )
        return known


def read_manifest(folder: Path) -> Manifest:
    """Read a store's manifest.

    Raises:
        FileNotFoundError: If the folder or its manifest is not there.
        UserError: If it is no manifest, or of another version.
    """
    path = folder / MANIFEST_NAME
    if not folder.exists():
        raise FileNotFoundError(f"no skeleton store at {folder}: make one with `posecube import` or `posecube extract`")
    if not path.is_file():
        raise FileNotFoundError(
            f"{folder} is not a skeleton store (it has no {MANIFEST_NAME}): "
            "make one with `posecube import` or `posecube extract`"
        )
    try:
        content = json.loads(path.read_bytes())
    except ValueError as error:
        raise UserError(
            f"store {folder}: {MANIFEST_NAME} is not readable JSON ({error}): copy the store again"
        ) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise UserError(f"{folder} is not a skeleton store: its {MANIFEST_NAME} does not say format {FORMAT!r}")
    if content.get("version") != VERSION:
        raise UserError(
            f"store {folder} has format version {content.get('version')!r}, this posecube reads version {VERSION}: "
            "update posecube or import the data again"
        )
    try:
        return Manifest.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise UserError(f"store {folder}: {MANIFEST_NAME} is damaged at {field!r} ({first['msg']})") from None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step, so that a reader sees the old store or the new one."""
    write_text(folder / MANIFEST_NAME, manifest.model_dump_json(indent=1))
