"""What a finding says, in English and Chinese, of the facts that its rule found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall.core.wording import filled
from footfall.rules import _words_journeys, _words_orders

if TYPE_CHECKING:
    from collections.abc import Mapping

    from footfall.findings.finding import Finding

WORDS = {**_words_journeys.WORDS, **_words_orders.WORDS}
# Codes of the package among the facts, and what a reader sees.
_TERMS = {
    "zh": {
        "customers": "客户", "orders": "订单", "events": "行为", "after_sales": "售后", "money of an order": "笔单价",
        "money of a cart that is left": "被放弃购物车的金额", "guests": "游客", "null customer": "客户为空",
        "null time": "时间为空", "null amount": "金额为空", "cancelled": "已取消", "not paid": "未支付",
    },
    "en": {"after_sales": "after-sales"},
}  # fmt: skip


def templates(words: str, language: str) -> dict[str, str]:
    """Return the templates of a kind of finding: title, statement, metric, money, action, watch."""
    return WORDS[words][language]


def terms(facts: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return the facts with the package's own codes as names."""
    names = _native.segment_names({"scheme": "tiers", "language": language})
    known = {**dict(zip(*names, strict=True)), **_TERMS[language]}
    return {name: known.get(value, value) if isinstance(value, str) else value for name, value in facts.items()}


def say(finding: Finding, language: str) -> dict[str, str]:
    """Return what a finding says in a language; texts of rules of one's own stay as they are."""
    if not finding.words:
        return {
            "title": finding.title, "statement": finding.statement, "metric": finding.metric,
            "money": finding.money_formula, "action": finding.action, "watch": finding.watch,
        }  # fmt: skip
    facts = terms(finding.facts, language)
    return {name: filled(text, facts, language) for name, text in templates(finding.words, language).items()}


def worded(words: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a finding takes of its words: them in English, and what other languages need."""
    said = {name: filled(text, terms(facts, "en"), "en") for name, text in templates(words, "en").items()}
    return {
        "title": said["title"], "statement": said["statement"], "metric": said["metric"], "money_formula": said["money"],
        "action": said["action"], "watch": said["watch"], "words": words, "facts": dict(facts),
    }  # fmt: skip
