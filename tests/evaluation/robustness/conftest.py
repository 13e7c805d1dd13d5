"""Makes tests/pose/fake_people.py importable, for the tests here and for the worker processes that they start."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "pose"))
