"""Prints what `posecube bench views` measures, and how."""

from posecube.bench.timing import as_table
from posecube.bench.views import METHOD, measure

if __name__ == "__main__":
    print(as_table("views", measure(), METHOD))
