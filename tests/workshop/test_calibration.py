import numpy as np
import pytest
import yaml

from playbook.errors import PlaybookError
from playbook.run import places
from playbook.workshop.calibration import calibrate
from playbook.workshop.quiz import Answers, CalibrationQuiz, Question, Range


def read(folder):
    text = (places.sample() / folder / "calibration.yaml").read_text(encoding="utf-8")
    return CalibrationQuiz(**yaml.safe_load(text))


SAMPLE = read("inputs")


def room(hits):
    """A quiz in which person p holds the truth of question q where ``hits[p, q]`` is 1."""
    n_people, n_questions = hits.shape
    questions = [
        Question(id=f"q{q}", text="?", label=f"q{q}", truth=100) for q in range(n_questions)
    ]
    answers = [
        Answers(
            participant=str(p),
            ranges={
                f"q{q}": Range(low=90, high=110 if hits[p, q] else 95) for q in range(n_questions)
            },
        )
        for p in range(n_people)
    ]
    return CalibrationQuiz(questions=questions, answers=answers)


def drawn(share, *, n_people, n_questions, seed=1):
    return (np.random.default_rng(seed).random((n_people, n_questions)) < share).astype(int)


def test_the_hits_of_the_sample_are_counted_by_hand():
    found = calibrate(SAMPLE, seed=1)
    assert found.table["n_hits"].tolist() == [5, 5, 6, 3, 2]
    assert (found.n_participants, found.n_answers, found.n_hits) == (8, 40, 21)
    assert found.hit_share == pytest.approx(21 / 40)
    # z(.90) / z(.525) = 1.645 / 0.714
    assert found.factor == pytest.approx(2.3, abs=0.15)
    assert found.factor_low < 2.0 < 2.8 < found.factor_high


def test_few_answers_leave_the_factor_open_and_many_do_not():
    assert calibrate(SAMPLE, seed=1).warnings
    many = calibrate(room(drawn(0.55, n_people=60, n_questions=20)), seed=1)
    assert many.warnings == []
    assert many.factor == pytest.approx(2.18, abs=0.15)


def test_a_planted_hit_rate_is_covered_by_the_spread_of_the_factor():
    true = 1.6449 / 0.9346  # ranges that hold the truth in 65 of 100 cases
    inside = 0
    for seed in range(40):
        found = calibrate(room(drawn(0.65, n_people=12, n_questions=10, seed=seed)), seed=seed)
        inside += found.factor_low <= true <= found.factor_high
    assert inside >= 33


def test_a_room_that_is_as_good_as_it_says_is_not_widened_much():
    found = calibrate(room(np.ones((20, 10), int)), seed=1)
    assert found.factor == pytest.approx(1.0, abs=0.05)
    assert "can stay as they are" in found.headline


def test_below_five_people_nothing_is_shown_and_the_factor_is_that_of_the_untrained():
    found = calibrate(room(np.ones((4, 5), int)), seed=1)
    assert not found.is_shown
    assert found.table.empty
    assert found.n_hits == 0
    assert np.isnan(found.hit_share)
    assert found.factor == pytest.approx(2.18, abs=0.1)
    assert "untrained people" in found.headline
    assert "untrained people" in found.plot().title


def test_nobody_answered_is_no_mistake():
    found = calibrate(CalibrationQuiz(questions=SAMPLE.questions), seed=1)
    assert found.n_participants == 0
    assert found.factor > 1.5


def test_questions_left_out_do_not_count_as_misses():
    hits = np.ones((6, 2), int)
    quiz = room(hits)
    first = quiz.answers[0].model_copy(update={"ranges": {"q0": Range(low=90, high=110)}})
    found = calibrate(quiz.model_copy(update={"answers": (first, *quiz.answers[1:])}), seed=1)
    assert (found.n_answers, found.n_hits) == (11, 11)


def test_every_wrong_answer_of_the_practice_quiz_is_named():
    with pytest.raises(PlaybookError, match="cannot be used") as caught:
        calibrate(read("inputs_with_defects"), seed=1)
    assert caught.value.problems == (
        "participant 1, elbrus: 6,000 is above 5,000",
        "participant 2, everest: there is no such question",
    )
