"""Inputs go out as YAML that people can read and edit, and come back exactly."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from kinds import Plan, Target

from playbook.engagement import Engagement
from playbook.engagement.decisions import Decision
from playbook.engagement.documents import Saved, content_hash, kinds, load_chapters, of_kind
from playbook.engagement.exchange import export, load
from playbook.engagement.marked import Place, parse
from playbook.engagement.record import ConflictError
from playbook.engagement.written import document_as_text, form_as_text, scalar
from playbook.errors import PlaybookError

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)
NAMES = TEXT.map(str.strip).filter(bool)
PLANS = st.builds(
    Plan,
    title=st.one_of(st.sampled_from(["No", "1e5", "12:30", "2026-01-01", "null", "- a: #"]), NAMES)
    .map(lambda text: text + "…" * 3)
    .map(str.strip),
    owner=TEXT,
    targets=st.lists(
        st.builds(
            Target,
            name=NAMES,
            value=st.floats(0.001, 1e300),
            until=st.dates(),
            light=st.sampled_from(["go", "stop"]),
            stores=st.lists(st.integers(), max_size=3).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    shares=st.dictionaries(NAMES, st.floats(allow_nan=False, allow_infinity=False), max_size=3),
    price=st.none() | st.decimals(0, 1000, places=2),
    weeks=st.integers(4, 52),
    is_open=st.booleans(),
    note=st.none() | TEXT.filter(lambda text: not text.strip().isupper()),
)


def written(document):
    saved = Saved(
        document=document,
        sequence=1,
        at="2026-03-01T09:00:00+00:00",
        who="Olga",
        hash=content_hash(document),
    )
    return document_as_text(saved)


@given(PLANS)
def test_any_document_comes_back_from_its_file_exactly(document):
    marked = parse(written(document))
    assert marked.problems == []
    assert Plan.from_raw(marked.value, version=2) == document


@given(TEXT)
def test_text_stays_text_for_every_reader_of_yaml(text):
    line = scalar(text)
    assert parse(f"key: {line}").value == {"key": text}
    loaded = yaml.safe_load(f"key: {line}")["key"]
    assert loaded == text or loaded == dt.date.fromisoformat(text)


@given(NAMES)
def test_a_form_is_all_comments_and_its_lines_are_right_once_they_are_uncommented(title):
    text = form_as_text(Plan, Plan(title=title + "..."))
    assert parse(text).value is None
    lines = [line.removeprefix("# ") for line in text.splitlines()[3:]]
    assert Plan.from_raw(parse("\n".join(lines)).value, version=2).title == (title + "...").strip()


def test_a_form_without_an_example_shows_the_shape_of_every_field():
    lines = [line.removeprefix("# ") for line in form_as_text(Plan).splitlines()[3:]]
    raw = parse("\n".join(lines)).value
    assert raw["title"] == "…"
    assert raw["targets"][0] == {
        "name": "…",
        "value": 0.645,
        "until": "2026-03-01",
        "light": "go",
        "stores": [1],
    }
    assert raw["weeks"] == 16


def test_a_file_explains_every_field_and_shows_an_example_of_an_empty_one():
    text = written(Plan(title="Caring store"))
    assert text.startswith("# playbook: kind=test_plan version=2 saved=1\n# Saved last on ")
    assert "# what the plan is called\ntitle: Caring store\nowner: nobody\n" in text
    assert '# price of one visit\n# for example:\n# price: "9.90"\nprice: null\n' in text
    assert '# for example:\n# targets:\n# - name: "…"\n#   value: 0.645\n' in text
    assert list(parse(text).value) == list(Plan.model_fields)


def test_words_numbers_and_dates_are_taken_as_people_mean_them():
    text = "a: no\nb: 12:30\nc: 2026-03-01\nd: 010\ne: 1e3\nf: ~\ng: True\nh: 0,5\n2024: x\n"
    assert parse(text).value == {
        "a": "no",
        "b": "12:30",
        "c": "2026-03-01",
        "d": 10,
        "e": 1000.0,
        "f": None,
        "g": True,
        "h": "0,5",
        "2024": "x",
    }


def put(folder, **files):
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def problems_of(engagement, *paths):
    before = len(engagement.record.events())
    with pytest.raises(PlaybookError) as caught:
        load(engagement.record, paths)
    assert len(engagement.record.events()) == before
    return list(caught.value.problems)


def test_three_mistakes_in_one_file_are_one_error_with_line_and_column(engagement, tmp_path):
    text = "title: Caring store\nweeks: many\ntargets:\n  - name: r\n    value: -1\n    untill: x\n"
    assert problems_of(engagement, put(tmp_path / "in", test_plan=text)) == [
        "test_plan.yaml:5:12: targets › 1 › value: must be above 0.0, found -1",
        "test_plan.yaml:4:5: targets › 1 › until: is missing",
        "test_plan.yaml:6:5: targets › 1 › untill: is not known here; did you mean “until”?",
        "test_plan.yaml:2:8: weeks: a whole number is wanted, found “many”",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('title: "Caring', "test_plan.yaml:1:15: is not YAML; look for a missing quote"),
        (
            "title: Plan\ntargets: [a\n",
            "test_plan.yaml:3:1: is not YAML; look at what begins in line 2",
        ),
        ("title: Plan\n targets: x\n", "test_plan.yaml:2:9: is not YAML"),
        ("title: a\ntitle: b\n", "test_plan.yaml:2:1: title stands here twice"),
        ("title: !!python/name:os x\n", "test_plan.yaml:1:8: the mark "),
        ("a: &x [*x]\n", "test_plan.yaml:1:4: refers to itself"),
        ("title: a\x00b\n", "test_plan.yaml:1:9: holds a character that is not text"),
        ("", "test_plan.yaml:1:1: is empty"),
        ("just words\n", "test_plan.yaml:1:1: a group of fields is wanted, found “just words”"),
        ("title: Plan\n---\ntitle: Plan\n", "test_plan.yaml:2:1: is not YAML"),
    ],
)
def test_a_half_written_file_is_told_with_its_line(engagement, tmp_path, text, problem):
    (told,) = problems_of(engagement, put(tmp_path / "in", test_plan=text))
    assert told.startswith(problem)


def test_a_file_in_another_encoding_is_told(engagement, tmp_path):
    put(tmp_path / "in")
    (tmp_path / "in" / "test_plan.yaml").write_bytes("# план\ntitle: план\n".encode("cp1251"))
    assert problems_of(engagement, tmp_path / "in") == [
        "test_plan.yaml:1:1: is not text in UTF-8; save it as UTF-8"
    ]


def test_all_problems_of_all_files_come_together_and_nothing_is_saved(engagement, tmp_path):
    folder = put(
        tmp_path / "in",
        company="name: Shop\nlang: de\n",
        test_plan="title: [\n",
        goalz="a: 1\n",
        decisions="- key: bad key\n  choice: a\n  who: b\n  reason: c\n  date: 2026-03-01\n",
    )
    problems = problems_of(engagement, folder)
    assert [problem.split(":")[0] for problem in problems] == [
        "company.yaml",
        "decisions.yaml",
        "goalz.yaml",
        "test_plan.yaml",
    ]
    assert (
        "decisions.yaml:1:8: 1 › key: a key looks like 03.who_gets_what, found “bad key”"
        in problems[1]
    )
    assert "“goalz” is not an input" in problems[2]


def test_a_missing_folder_and_one_without_yaml_are_told(engagement, tmp_path):
    with pytest.raises(PlaybookError, match="There is no file or folder"):
        load(engagement.record, [tmp_path / "nowhere"])
    with pytest.raises(PlaybookError, match="There is no YAML file"):
        load(engagement.record, [put(tmp_path / "in")])


def test_everything_goes_out_and_comes_back_unchanged(engagement, tmp_path):
    plan = Plan(
        title="Caring store",
        targets=(Target(name="r", value=0.73, until="2027-12-31"),),
        price=Decimal("9.90"),
        note="first\n\n  second",
    )
    decision = Decision(
        key="05.fund", choice="yes", who="Board", reason="it pays", date=dt.date(2026, 3, 1)
    )
    engagement.documents.save(plan)
    engagement.decisions.save(decision)
    paths = export(engagement.record, tmp_path / "out")
    names = {path.name for path in paths}
    assert {"company.yaml", "test_plan.yaml", "decisions.yaml"} <= names
    assert load(engagement.record, [tmp_path / "out"]) == []

    copy = type(engagement).create("copy")
    assert load(copy.record, [tmp_path / "out"], force=True) == [
        "company",
        "05.fund",
        "test_plan",
    ]
    assert copy.documents.latest(Plan).document == plan
    assert copy.decisions.latest("05.fund").decision == decision


def test_the_same_file_can_be_edited_and_brought_in_again_and_again(engagement, tmp_path):
    engagement.documents.save(Plan(title="Caring store"))
    export(engagement.record, tmp_path)
    path = tmp_path / "test_plan.yaml"
    for weeks in (20, 30):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("weeks: ", f"weeks: {weeks} # "), encoding="utf-8")
        assert load(engagement.record, [path]) == ["test_plan"]
        assert engagement.documents.latest(Plan).document.weeks == weeks


def test_a_file_does_not_overwrite_what_another_person_saved_meanwhile(engagement, tmp_path):
    engagement.documents.save(Plan(title="Caring store"))
    export(engagement.record, tmp_path)
    engagement.documents.save(Plan(title="Another store"), who="Boris")
    path = tmp_path / "test_plan.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Caring", "Kind"), encoding="utf-8")
    with pytest.raises(ConflictError, match="Boris saved “test_plan”"):
        load(engagement.record, [path])
    assert load(engagement.record, [path], force=True) == ["test_plan"]
    assert engagement.documents.latest(Plan).document.title == "Kind store"


def test_every_input_of_the_sample_comes_back_from_its_file_exactly(tmp_path):
    sample = Engagement.open("sample")
    export(sample.record, tmp_path / "out")
    for kind in sample.documents.kinds():
        marked = parse((tmp_path / "out" / f"{kind}.yaml").read_text(encoding="utf-8"))
        cls = of_kind(kind)
        assert (
            cls.from_raw(marked.value, version=cls.version) == sample.documents.latest(cls).document
        )


def test_every_kind_of_input_has_a_form_in_the_shape_of_its_fields():
    load_chapters()
    for kind in kinds():
        cls = of_kind(kind)
        lines = form_as_text(cls).splitlines()
        assert all(line.startswith("#") or not line for line in lines), kind
        raw = parse("\n".join(line.removeprefix("# ") for line in lines[3:])).value
        assert list(raw) == list(cls.model_fields), kind


def test_places_of_fields_and_of_what_is_missing():
    marked = parse("a:\n  - b: 1\n    c: 2\n")
    assert marked.place(("a", 0, "c")) == Place(3, 8)
    assert marked.place(("a", 0, "c"), is_key=True) == Place(3, 5)
    assert marked.place(("a", 0, "missing")) == Place(2, 5)
    assert marked.place(("nothing",)) == Place(1, 1)
