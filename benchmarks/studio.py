"""Prints what `posecube bench studio` measures, and how."""

from posecube.bench.studio import METHOD, measure
from posecube.bench.timing import as_table

if __name__ == "__main__":
    print(as_table("studio", measure(), METHOD))
