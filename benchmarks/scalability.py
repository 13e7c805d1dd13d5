"""Prints what `posecube bench scalability` measures, and how."""

from posecube.bench.scalability import METHOD, measure
from posecube.bench.timing import as_table

if __name__ == "__main__":
    print(as_table("scalability", measure(), METHOD))
