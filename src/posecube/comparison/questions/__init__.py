"""One small file a comparison of the paper."""

import difflib

from posecube.comparison.question import Question
from posecube.comparison.questions.crop import CROP
from posecube.comparison.questions.heatmap_or_graph import HEATMAP_OR_GRAPH
from posecube.comparison.questions.input_2d_or_3d import INPUT_2D_OR_3D
from posecube.comparison.questions.joint_or_limb import JOINT_OR_LIMB
from posecube.comparison.questions.streams import STREAMS
from posecube.comparison.questions.uniform_or_stride import UNIFORM_OR_STRIDE
from posecube.errors import UserError

QUESTIONS: dict[str, Question] = {
    question.name: question
    for question in (HEATMAP_OR_GRAPH, INPUT_2D_OR_3D, JOINT_OR_LIMB, UNIFORM_OR_STRIDE, CROP, STREAMS)
}


def find_question(name: str) -> Question:
    """A question by its name.

    Raises:
        UserError: If there is none of that name.
    """
    if name not in QUESTIONS:
        near = difflib.get_close_matches(name, QUESTIONS, n=1, cutoff=0.5)
        raise UserError(
            f"unknown comparison {name!r}; "
            + (f"did you mean {near[0]}?" if near else f"known: {', '.join(QUESTIONS)}")
        )
    return QUESTIONS[name]


__all__ = ["QUESTIONS", "find_question"]
