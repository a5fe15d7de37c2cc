"""The calibration quiz: questions with a number as the answer, and ranges given anonymously."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from playbook.engagement.documents import Document, Part, Words
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import numbers

Floats = NDArray[np.float64]


class Question(Part):
    """A question with a number as its answer that nobody knows by heart."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="short name")
    text: Words = Field(min_length=1, description="the question")
    label: Words = Field(min_length=1, description="the question in two or three words")
    unit: Words = Field(default="", description="unit of the answer")
    truth: float = Field(description="the right answer")
    is_year: bool = Field(default=False, description="whether the answer is a year")

    @property
    def shown_truth(self) -> str:
        """The right answer as the reader writes it."""
        if self.is_year:
            return str(int(self.truth))
        return f"{numbers.number(self.truth)} {self.unit}".strip()


class Range(Part):
    """The range of one participant."""

    low: float = Field(description="the truth is below this in 1 case of 20")
    high: float = Field(description="the truth is above this in 1 case of 20")


class Answers(Part):
    """All ranges of one anonymous participant."""

    participant: str = Field(pattern=r"^[a-z0-9_]+$", description="a number, never a name")
    ranges: dict[str, Range] = Field(description="question to the range")


class CalibrationQuiz(Document):
    """The questions and what the room answered."""

    kind: ClassVar[str] = "calibration"
    version: ClassVar[int] = 1

    questions: tuple[Question, ...] = Field(min_length=1)
    answers: tuple[Answers, ...] = ()


def refuse_wrong(quiz: CalibrationQuiz) -> None:
    """Raise a ``PlaybookError`` that names every range out of order or for no question."""
    known = {question.id for question in quiz.questions}
    problems = []
    for answers in quiz.answers:
        for id_, given in answers.ranges.items():
            place = _("participant {n}, {question}").format(n=answers.participant, question=id_)
            if id_ not in known:
                problems.append(_("{place}: there is no such question").format(place=place))
            elif given.low > given.high:
                words = _("{place}: {low} is above {high}")
                problems.append(
                    words.format(
                        place=place, low=numbers.number(given.low), high=numbers.number(given.high)
                    )
                )
    if problems:
        raise PlaybookError(_("Some answers of the quiz cannot be used."), problems=problems)


def hits_of(quiz: CalibrationQuiz) -> Floats:
    """``(n_people, n_questions)``: 1 where the range holds the truth, ``nan`` where none."""
    rows = [
        [
            float(found.low <= question.truth <= found.high)
            if (found := answers.ranges.get(question.id))
            else np.nan
            for question in quiz.questions
        ]
        for answers in quiz.answers
    ]
    return np.array(rows, dtype=float).reshape(len(quiz.answers), len(quiz.questions))
