"""What is wrong, by money, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.core.wording import shown
from footfall.report._labels import featured, label, tier_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from footfall.data.shop import Shop
    from footfall.findings.finding import Finding
    from footfall.findings.findings import Findings
    from footfall.report.shown import Chapter

_MOST = 20
_FACTS = {"low": "interval_low", "high": "interval_high", "n": "count", "level": "value"}
# Columns of evidence whose values are codes of the package.
_CODES = ("segment", "tier", "part")
_TOTAL = {
    "en": "{count} findings, with {money} a month at stake, what overlaps counted once.",
    "zh": "共{count}项发现，每月涉及金额{money}，重叠部分只计一次。",
}
_NONE = {
    "en": "No rule found anything that stands out beyond chance.",
    "zh": "没有规则发现超出随机的问题。",
}
_MONEY = {
    "en": "At stake: {money} a month. {formula}.",
    "zh": "每月涉及金额：{money}。计算方式：{formula}。",
}
_SURE = {
    "en": "Certainty: p-value {p} after adjusting for all tests.",
    "zh": "确定性：对全部检验校正后的p值为{p}。",
}
_COUNTED = {"en": "It is counted, not estimated.", "zh": "这是计数，不是估计。"}
_SAME = {
    "en": "Its money is part of a larger finding's.",
    "zh": "其金额包含在更大的一项发现之中。",
}
_DO = {"en": "Do: {action}", "zh": "行动：{action}"}
_WHOM = {
    "en": "It concerns {count} customers; their list comes with the finding.",
    "zh": "涉及{count}名客户；名单可从该发现导出。",
}
_WATCH = {"en": "Watch: {watch}.", "zh": "关注：{watch}。"}
_TEST = {
    "en": "A test needs {each} {unit} in each of two groups, about {weeks} weeks at today's traffic.",
    "zh": "测试需要两组各{each}（{unit}），按目前流量约{weeks}周。",
}


def findings_of(shop: Shop) -> Findings:
    """Return what is wrong, asked once."""
    found: Findings = shop.shared("findings", shop.diagnose)
    return found


def table_of_findings(shop: Shop, page: Chapter) -> Any:
    """Show the findings by money."""
    rows = [
        {
            "severity": label(one.severity, page.language), "title": one.said(page.language)["title"],
            "money_at_stake": one.money_at_stake, "p_adjusted": one.p_adjusted,
            "audience": None if one.audience is None else one.audience.num_rows,
        }
        for one in findings_of(shop).all
    ]  # fmt: skip
    return page.show("findings", rows, ["severity", "title", "money_at_stake", "p_adjusted", "audience"], most=_MOST)


def diagnosis(shop: Shop, page: Chapter) -> None:
    """Tell each finding with its evidence, size and certainty."""
    found = findings_of(shop)
    if not found.all:
        page.say(_NONE)
    else:
        table = page.show(
            "total", [{"rows": len(found.all), "money_at_stake": found.money_at_stake}], ["rows", "money_at_stake"]
        )
        page.say(_TOTAL, count=table.cell(0, "rows"), money=table.cell(0, "money_at_stake"))
        table_of_findings(shop, page)
        page.draw(lambda: found.plot(language=page.language))
    for at, one in enumerate(found.all[:_MOST]):
        _told(page, at, one)
    for name, why in found.silent.items():
        page.lacks(label(name, page.language), why.removeprefix("needs "))


def _told(page: Chapter, at: int, one: Finding) -> None:
    said = one.said(page.language)
    page.head(said["title"])
    known = {**_said(page, one), "money": (one.money_at_stake, "money"), "p": (one.p_adjusted, "p")}
    cells = _facts(page, f"facts-{at}", known)
    _state(page, one, known, cells)
    if one.money_at_stake is not None:
        page.say(_MONEY, money=cells["money"], formula=said["money"])
    if one.p_adjusted is None:
        page.say(_COUNTED)
    else:
        page.say(_SURE, p=cells["p"])
    if one.overlaps:
        page.say(_SAME)
    evidence = one.evidence
    rows = [dict(zip(evidence.column_names, row, strict=True)) for row in evidence.head(8).rows()]
    page.show(
        f"evidence-{at}",
        _named(rows, page.language),
        [name for name in evidence.column_names if _worth(rows, name)][:10],
        most=8,
    )


def _named(rows: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """Return evidence with names in place of codes."""
    names = tier_names(language)
    for row in rows:
        for column in _CODES:
            if isinstance(row.get(column), str):
                row[column] = names.get(row[column]) or label(row[column], language)
    return rows if not rows or "feature" not in rows[0] or "level" not in rows[0] else featured(rows, language)


def _worth(rows: list[dict[str, Any]], name: str) -> bool:
    return any(row[name] is not None for row in rows)


def _said(page: Chapter, one: Finding) -> dict[str, tuple[Any, str]]:
    """Return what stands in the statement of a finding: values and kinds by name."""
    from footfall.core.wording import parts
    from footfall.rules._words import templates, terms

    if not one.words:
        return {"statement": (one.statement, "text")}
    values = terms(one.facts, page.language)
    text = templates(one.words, page.language)["statement"]
    named = {name: (name, value) for name, value in values.items()}
    return {value[0]: (value[1], kind) for _, value, kind in parts(text, named) if kind}


def _facts(page: Chapter, id: str, known: dict[str, tuple[Any, str]]) -> dict[str, Any]:  # noqa: A002
    """Show what stands in sentences, and return the cells by name."""
    rows = [
        {"_name": name, "fact": label(_FACTS.get(name, name), page.language), "setting": value, "_kind": kind}
        for name, (value, kind) in known.items()
        if value is not None
    ]
    table = page.show(id, rows, ["fact", "setting"], most=len(rows))
    return {row["_name"]: table.cell(at, "setting") for at, row in enumerate(rows)}


def _state(page: Chapter, one: Finding, known: dict[str, tuple[Any, str]], cells: Mapping[str, Any]) -> None:
    """State a finding with its numbers as cells; that of a rule of one's own as a whole."""
    from footfall.rules._words import templates

    text = templates(one.words, page.language)["statement"] if one.words else "{statement}"
    unknown = {name: shown(None, kind, page.language) for name, (_, kind) in known.items()}
    page.say({page.language: text}, **{**unknown, **cells})


def advice(shop: Shop, page: Chapter) -> None:
    """Tell, for each finding, what to do, for whom, what to watch and how large a test must be."""
    found = findings_of(shop)
    if not found.all:
        page.say(_NONE)
    for at, one in enumerate(found.all[:_MOST]):
        said = one.said(page.language)
        page.head(said["title"])
        known: dict[str, tuple[Any, str]] = {}
        if one.audience is not None:
            known["audience"] = (one.audience.num_rows, "count")
        if one.test is not None:
            known |= {"each": (one.test.each, "count"), "weeks": (one.test.weeks, "number")}
        cells = _facts(page, f"facts-{at}", known)
        page.say(_DO, action=said["action"])
        if "audience" in cells:
            page.say(_WHOM, count=cells["audience"])
        page.say(_WATCH, watch=said["watch"])
        if one.test is not None and "weeks" in cells:
            page.say(_TEST, each=cells["each"], weeks=cells["weeks"], unit=label(one.test.unit, page.language))
