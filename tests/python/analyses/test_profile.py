"""What groups of customers bought, of several groupings at once: as sales and repurchase tell it one by one."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footfall as ff
from footfall.analyses.profile import brought_by
from footfall.core.rows import dicts
from strategies import rows, table

PEOPLE = ff.Customers(
    pl.DataFrame({
        "id": [-3, -2, -1, 0, 1, 2, 3], "where": ["n", "s", "n", None, "s", "n", "s"],
        "age": [19, 30, 30, 41, None, 25, 60],
    }),
    customer="id", region="where", age="age",
)  # fmt: skip
BANDS = ff.bands("age", [18, 30, 45])
SETS = [("region",), ("age",), ("region", "age"), ()]


def one_by_one(orders, by, names):
    """The slow way: sales by year and group, and the buyers of the whole time."""
    cells = {}
    sold = orders.sales("year", by=by, compare=None) if by else orders.sales("year", compare=None)
    for row in dicts(sold):
        cell = cells.setdefault(tuple(row.values())[: len(names)], {"buyers": 0, "orders": 0, "sales": 0.0})
        cell["sales"] += row["sales"] or 0.0
    for row in dicts(orders.repurchase(by=by).periods):
        cell = cells[tuple(row.values())[: len(names)]]
        cell["buyers"], cell["orders"] = row["buyers"], row["orders"]
    return cells


@pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")
@settings(max_examples=150, deadline=None)
@given(rows(), st.sampled_from(["net", "drop"]), st.booleans())
def test_groupings_are_those_of_sales_and_repurchase(drawn, refunds, windowed):
    orders = ff.Orders(
        table(drawn), customer="customer", time="time", amount="amount", order_id="order_id", refund_of="refund_of",
        status="status", cancelled=["void"], refunds=refunds,
    ).with_customers(PEOPLE)  # fmt: skip
    if windowed:
        orders = orders.between("1970-01-08", "1970-01-20")
    found = brought_by(orders, ["region", BANDS], SETS)
    for names, cells in zip(SETS, found, strict=True):
        by = [BANDS if name == "age" else name for name in names]
        expected = one_by_one(orders, by, names)
        # A year without rows between two others has a row of zeros in sales.
        expected = {key: cell for key, cell in expected.items() if key in cells or any(cell.values())}
        assert cells.keys() == expected.keys()
        for key, cell in cells.items():
            assert cell == pytest.approx(expected[key], abs=1e-6)


def test_columns_of_orders_are_no_groups_of_customers(cdnow):
    with pytest.raises(ValueError, match="give attributes of the customers"):
        brought_by(read_with_category(), ["category"], [("category",)])


def read_with_category():
    frame = pl.DataFrame({"who": [1], "at": ["2024-01-01"], "paid": [1.0], "kind": ["a"]})
    return ff.Orders(frame, customer="who", time="at", amount="paid", category="kind")
