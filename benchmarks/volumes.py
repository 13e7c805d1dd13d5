"""Prints what `posecube bench volumes` measures, and how."""

from posecube.bench.timing import as_table
from posecube.bench.volumes import METHOD, measure

if __name__ == "__main__":
    print(as_table("volumes", measure(), METHOD))
