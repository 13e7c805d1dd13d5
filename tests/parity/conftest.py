"""Makes pipeline_states.py and published_frames.py here, and the slow drawing of tests/representation, importable."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "representation")]
