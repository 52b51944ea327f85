"""Data that endanger a conclusion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.findings import Checked, Finding, rule
from footfall.rules._money import evidence_of
from footfall.rules._words import worded

if TYPE_CHECKING:
    from footfall.data.shop import Shop

#: Reasons that are no fault of the data.
_MEANT = {"cancelled", "not_paid", "before_period", "after_period", "refunds", "before_lookback", "after_as_of"}


@rule("data_quality", section="quality", rate=0.0)
def data_quality(shop: Shop, *, rows: float = 0.02, money: float = 0.02, guests: float = 0.1) -> Checked:
    """Tell what share of rows or money could not be used, or belongs to nobody.

    No test: it is counted. Told from ``rows`` of the rows, ``money`` of the money, or ``guests`` of the money of guests.
    """
    found = []
    for part in ("orders", "events", "after_sales"):
        noun = getattr(shop, part)
        if noun is None:
            continue
        quality = noun.quality
        for reason, count in quality.left_out.items():
            share = count / max(quality.rows_read, 1)
            lost = getattr(quality, "money_share", {}).get(reason, 0.0)
            if reason not in _MEANT and (share >= rows or lost >= money):
                found.append(_finding(shop, (part, reason), (count, quality.rows_read), share, lost))
        if getattr(quality, "guest_share", 0.0) >= guests:
            found.append(
                _finding(shop, (part, "guests"), (quality.guest_orders, quality.rows_read), quality.guest_share, 0.0)
            )
    return Checked(0, found)


def _finding(shop: Shop, place: tuple[str, str], counts: tuple[int, int], share: float, lost: float) -> Finding:
    (part, reason), (count, of) = place, counts
    kind = "data_quality.guests" if reason == "guests" else "data_quality"
    facts = {"part": part, "reason": reason.replace("_", " "), "n": count, "of": of, "rate": share}
    monthly = shop.monthly_sales
    return Finding(
        rule="data_quality", section="quality", place={"part": part, "reason": reason},
        **{**worded(kind, facts), **({} if lost else {"money_formula": ""})},
        value=share, baseline=0.0, evidence=evidence_of([{"reason": reason, "rows": count}]),
        money_at_stake=lost * monthly if monthly and lost else None,
        pool=f"quality of {part}",
    )  # fmt: skip
