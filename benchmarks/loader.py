"""Prints what `posecube bench loader` measures, and how."""

from posecube.bench.loader import METHOD, measure
from posecube.bench.timing import as_table

if __name__ == "__main__":
    print(as_table("loader", measure(), METHOD))
