"""Progress: one protocol, and a bar that keeps quiet where nobody watches."""

from posecube.progress import progress_bar, silent


def test_nothing_is_written_where_stderr_is_no_terminal(capsys) -> None:
    with progress_bar(total=3) as show:
        for done in range(4):
            show("evaluating", done)
        show("writing", 1, 2)
    assert capsys.readouterr() == ("", "")


def test_silence_takes_whatever_a_bar_takes() -> None:
    silent("evaluating", 1)
    silent("evaluating", 1, 2)
