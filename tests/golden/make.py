"""Makes the small golden files here from the originals: outputs of pyskl and MMAction2 on weights and inputs by rule.

    python tests/golden/make.py ORIGINALS      a folder with models, state_dicts and volumes

They are compressed harder and otherwise as they are. What MS-G3D adds to its graphs, noise of at most 1e-6, is left
out: it would be most of the bytes, and is below the tests' tolerance.
"""

import io
import lzma
import sys
import zipfile
from pathlib import Path

import torch

HERE = Path(__file__).parent


def main(originals: Path) -> None:
    for part in ("models", "state_dicts", "volumes"):
        (HERE / part).mkdir(exist_ok=True)
    for path in sorted((originals / "state_dicts").glob("*.txt")):
        (HERE / "state_dicts" / f"{path.name}.xz").write_bytes(lzma.compress(path.read_bytes(), preset=9))
    for path in sorted((originals / "models").glob("*.pt")):
        content = torch.load(path, weights_only=True)
        if "kept" in content:
            content["kept"] = {key: it * (it.abs().max() > 1e-6) for key, it in content["kept"].items()}
        buffer = io.BytesIO()
        torch.save(content, buffer)
        (HERE / "models" / f"{path.name}.xz").write_bytes(lzma.compress(buffer.getvalue(), preset=9))
    for path in sorted((originals / "volumes").glob("*.npz")):
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(HERE / "volumes" / path.name, "w") as target:
            for name in source.namelist():
                target.writestr(zipfile.ZipInfo(name), source.read(name), compress_type=zipfile.ZIP_LZMA)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
