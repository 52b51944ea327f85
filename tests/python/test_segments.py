"""Maps of your own."""

from __future__ import annotations

import pytest

import footfall as ff


def test_rules_name_customers_by_scores_and_values(cdnow):
    segments = ff.Segments(
        [
            ff.Rule("big", where=[("monetary_total", ">=", 500)], name="Big spenders", name_zh="大客户"),
            ff.Rule("recent", r=(4, 5), name_zh="近期客户"),
            ff.Rule("once", where=[("frequency", "==", 1), ("recency_days", ">", 300)]),
        ],
        default="rest",
        overlaps="first",
    )
    for language, names in (("en", ("Big spenders", "recent")), ("zh", ("大客户", "近期客户"))):
        for row in cdnow.rfm(segments=segments, language=language).to_arrow().to_pylist():
            if row["monetary_total"] >= 500:
                assert (row["segment"], row["segment_name"]) == ("big", names[0])
            elif row["r"] >= 4:
                assert (row["segment"], row["segment_name"]) == ("recent", names[1])
            else:
                once = row["frequency"] == 1 and row["recency_days"] > 300
                assert row["segment"] == ("once" if once else "rest")
    table = cdnow.rfm(segments=segments).segments
    assert [row[0] for row in table.rows()] == ["big", "recent", "once", "rest"]
    assert sum(row[2] for row in table.rows()) == 2357


FAULTY = {
    "gap": (([ff.Rule("a", r=(1, 4))],), {}, r"no rule takes R 5 F 1–5 M 1–5 \(type default="),
    "overlap": (([ff.Rule("a", r=(1, 3)), ff.Rule("b", r=(3, 5))],), {}, '"a" and "b" in R 3 F 1–5 M 1–5 .*overlaps="first"'),
    "unreachable": (([ff.Rule("a"), ff.Rule("b", r=5)],), {"overlaps": "first"}, 'no customer can reach "b"'),
    "value_gap": (([ff.Rule("a", where=[("frequency", ">", 2)])],), {}, "no rule takes R 1–5 F 1–5 M 1–5 frequency 1"),
    "value_overlap": (([ff.Rule("a", where=[("monetary", ">=", 10)]), ff.Rule("b", where=[("monetary", "<=", 10)])],), {},
                      "in R 1–5 F 1–5 M 1–5 monetary 10 "),
    "column": (([ff.Rule("a", where=[("spend", ">", 2)])],), {}, "is not a value of a customer: give one of recency_days"),
    "comparison": (([ff.Rule("a", where=[("frequency", "=>", 2)])],), {}, "give one of <, <=, >"),
    "beyond": (([ff.Rule("a", r=(1, 6))],), {}, "scores end at 5"),
    "word": (([ff.Rule("a")],), {"overlaps": "last"}, 'give "raise" or "first"'),
    "nothing": (([],), {}, "no rule takes R 1–5 F 1–5 M 1–5"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTY)
def test_what_is_no_map_is_refused(case):
    arguments, options, words = FAULTY[case]
    with pytest.raises(ValueError, match=words):
        ff.Segments(*arguments, **options)


@pytest.mark.parametrize("bad", [{"r": 0}, {"r": (3, 2)}, {"f": (1, 101)}, {"where": [("frequency", ">")]}])
def test_a_rule_checks_itself(bad):
    with pytest.raises(ValueError, match=r"Rule\('a'"):
        ff.Rule("a", **bad)


def test_rules_of_one_code_are_one_segment(cdnow):
    segments = ff.Segments([ff.Rule("edge", r=1), ff.Rule("edge", r=5), ff.Rule("middle", r=(2, 4))])
    assert [row[0] for row in cdnow.rfm(segments=segments).segments.rows()] == ["edge", "middle"]


def test_scores_must_agree(cdnow):
    ten = ff.Segments([ff.Rule("a", r=(1, 5)), ff.Rule("b", r=(6, 10))], scores=10)
    assert cdnow.rfm(scores=10, segments=ten).num_rows == 2357
    with pytest.raises(ValueError, match="made for 10"):
        cdnow.rfm(segments=ten)
