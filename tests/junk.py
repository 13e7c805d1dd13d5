"""JSON that nobody meant: for readers that must answer it with one clear line."""

from typing import Any

from hypothesis import strategies as st

_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.integers(-2, 3),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from([[], {}, 10**400, [-1], [[1]], [0.5] * 54]),
)


def junk(keys: list[str]) -> st.SearchStrategy[Any]:
    """Any JSON, with keys of a format more often than others."""
    names = st.one_of(st.sampled_from(keys), st.text(max_size=3))
    return st.recursive(
        _SCALARS,
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=4)),
        max_leaves=12,
    )


def spoiled(good: Any, keys: list[str]) -> st.SearchStrategy[Any]:
    """A good file of a format with junk in the place of one of its parts, at any depth."""
    places = list(_places(good))
    return st.tuples(st.sampled_from(places), junk(keys)).map(lambda drawn: _replaced(good, drawn[0], drawn[1]))


def _places(value: Any) -> Any:
    yield ()
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from ((key, *place) for place in _places(inner))


def _replaced(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    if not place:
        return new
    if isinstance(value, dict):
        return {key: _replaced(inner, place[1:], new) if key == place[0] else inner for key, inner in value.items()}
    return [_replaced(inner, place[1:], new) if index == place[0] else inner for index, inner in enumerate(value)]
