"""Prints what `posecube bench startup` measures, and how."""

from posecube.bench.startup import METHOD, measure
from posecube.bench.timing import as_table

if __name__ == "__main__":
    print(as_table("startup", measure(), METHOD))
