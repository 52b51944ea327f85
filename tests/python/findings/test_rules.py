"""Rules: what is planted is found in its place with its size, and without it the rule is silent."""

from __future__ import annotations

import datetime as dt
import math
import random

import polars as pl
import pytest

import footfall as ff
from footfall.core.rows import dicts

pytestmark = pytest.mark.filterwarnings("ignore::footfall.FootfallWarning")

#: What is planted in the sample shop, the rule that finds it, and the place.
PLANTED = {
    "weak_step": ("weak_step", {"device": "mobile_web", "region": "west", "step": "order"}),
    "shipping_fee": ("cart_features", {"shipping_fee": "15"}),
    "growing_city_tier": ("growing_market", {"city": "tier_3"}),
    "rising_category": ("rising_tail_category", {"category": "pet"}),
    "rising_acquisition_cost": ("rising_acquisition_cost", {"channel": "ads"}),
    "falling_retention": ("falling_retention", {}),
    "spend_by_tier": ("spend_by_tier", {"segment": "lost"}),
    "recommendations": ("imprecise_recommendations", {}),
}


@pytest.mark.parametrize("truth", PLANTED)
def test_without_a_fault_its_rule_is_silent(truth):
    rule, place = PLANTED[truth]
    findings = ff.Shop.sample(40_000, seed=4, without=[truth]).diagnose(rules=[rule])
    assert place not in [finding.place for finding in findings.all]


@pytest.mark.parametrize("size", [4_000, 120_000])
def test_what_is_planted_is_found_in_shops_of_other_sizes(size):
    findings = ff.Shop.sample(size, seed=8).diagnose()
    found = {(finding.rule, str(finding.place)) for finding in findings.all}
    expected = {(rule, str(place)) for rule, place in PLANTED.values()}
    if size == 4_000:
        # What a shop of a tenth is too small for: some ten carts a month in the weak place, 600 first buyers a quarter,
        # 30 registrations a month through ads.
        small = {"weak_step", "falling_retention", "cart_features", "rising_acquisition_cost"}
        expected = {one for one in expected if one[0] not in small}
    assert found >= expected


@pytest.fixture(scope="module")
def shop():
    return ff.Shop.sample(40_000, seed=4)


@pytest.fixture(scope="module")
def findings(shop):
    return shop.diagnose()


def test_sizes_are_those_that_were_planted(shop, findings):
    pet = findings["rising_tail_category:category=pet"]
    assert pet.low < 6.0 < pet.high
    fee = findings["cart_features:shipping_fee=15"]
    odds = {row["level"]: row for row in dicts(fee.evidence)}
    base = next(float(level) for level, row in odds.items() if row["odds_ratio"] == 1.0)
    table = {row["level"]: row for row in dicts(shop.abandonment().carts.features) if row["feature"] == "shipping_fee"}
    # The odds grow 1.35-fold with each 5 of fee, per session; over an episode of several sessions by no more than that.
    ratio = 1.35 ** ((15 - base) / 5)
    assert 1.0 < table["15.0" if "15.0" in table else "15"]["odds_low"] < ratio
    lost = findings["spend_by_tier:segment=lost"]
    assert lost.value == pytest.approx(0.45, abs=0.02)
    ads = findings["rising_acquisition_cost:channel=ads"]
    # 2.2-fold from the first month to the last of 24 is 2.2 ** (16 / 23) between the middles of the thirds.
    assert ads.value / ads.baseline == pytest.approx(2.2 ** (16 / 23), rel=0.15)


def test_the_weak_step_is_that_of_rows(shop, findings):
    made = ff.datasets.make_shop(40_000, 4)
    weak = findings["weak_step:device=mobile_web:region=west:step=order"]
    carts = shop.events.funnel(shop.steps, window="7d", by=["device", "region"])
    cells = {(row["device"], row["region"], row["name"]): row["reached"] for row in dicts(carts)}
    x, n = (cells["mobile_web", "west", step] for step in ("order", "cart"))
    assert weak.value == pytest.approx(x / n)
    rest = [sum(count for (*_, name), count in cells.items() if name == step) for step in ("order", "cart")]
    assert weak.baseline == pytest.approx((rest[0] - x) / (rest[1] - n))
    # Money by rows: of a payment, by the chance of one from an order.
    orders = pl.DataFrame(made.orders).filter(pl.col("status") != "cancelled")
    paid = orders.filter(pl.col("amount") > 0)["order_id"].n_unique()
    reached = dict(pl.DataFrame(shop.events.funnel(shop.steps, window="7d")).select("name", "reached").rows())
    months = 731 / 30.4375
    worth = orders["amount"].sum() / paid * reached["pay"] / reached["order"]
    assert weak.money_at_stake == pytest.approx((weak.baseline - weak.value) * n / months * worth, rel=0.005)
    assert weak.audience.num_rows == n - x


def test_audiences_are_customers_of_the_shop(shop, findings):
    known = {row[0] for row in shop.orders.rfm().rows()} | {row[0] for row in shop.events.last().rows()}
    named = 0
    for finding in findings.all:
        if finding.audience is not None:
            keys = [row[0] for row in finding.audience.rows()]
            assert keys
            assert len(set(keys)) == len(keys)
            assert set(keys) <= known
            named += 1
    assert named >= 5
    falling = findings["falling_retention"][0]
    first = dict(pl.DataFrame(shop.orders.rfm()).select("customer", "frequency").rows())
    assert all(first[row[0]] == 1 for row in falling.audience.rows())


def visits(*, doubt=1.0, wallet=1.0, long=1.0, product=1.0):
    """A shop in which carts with a question, payments by wallet, long checkouts and product 7 succeed so much less."""
    draw, rows, paid = random.Random(5), [], []
    for who in range(5_000):
        at = dt.datetime(2024, 1, 1) + dt.timedelta(minutes=draw.randrange(180 * 24 * 60))
        pages, way, item = draw.choice([3, 4, 5]), draw.choice(["card", "wallet"]), draw.randrange(8)
        asks = draw.random() < 0.3
        rows.append((who, at, "view", None, None, item))
        if draw.random() > 0.8 * (product if item == 7 else 1):
            continue
        rows.append((who, at + dt.timedelta(minutes=1), "cart", None, pages, item))
        if asks:
            rows.append((who, at + dt.timedelta(minutes=5), "contact", None, None, None))
        later = at + dt.timedelta(minutes=draw.randrange(12, 300))
        if draw.random() < 0.6 * (doubt if asks else 1) * (long if pages == 5 else 1):
            rows.append((who, later, "order", way, pages, item))
            if draw.random() < 0.95 * (wallet if way == "wallet" else 1):
                rows.append((who, later + dt.timedelta(minutes=2), "pay", way, pages, item))
                paid.append((who, later, 50.0))
    names = ["customer", "time", "event", "payment", "checkout_steps", "product"]
    frame = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    events = ff.Events(frame, **{name: name for name in names})
    orders = ff.Orders(
        pl.DataFrame(paid, schema=["customer", "time", "amount"], orient="row"),
        customer="customer", time="time", amount="amount",
    )  # fmt: skip
    return ff.Shop(events=events, orders=orders)


RULES = ["cart_doubts", "cart_features", "weak_payment", "weak_product"]


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ({"doubt": 0.5}, {"cart_doubts:event=contact"}),
        ({"wallet": 0.6}, {"weak_payment:payment=wallet:step=pay", "cart_features:payment=wallet"}),
        ({"long": 0.6}, {"cart_features:checkout_steps=5"}),
        ({"product": 0.4}, {"weak_product:product=7"}),
        ({}, set()),
    ],
)
def test_what_goes_with_leaving_a_cart(fault, found):
    findings = visits(**fault).diagnose(rules=RULES)
    assert {finding.id for finding in findings.all} == found
    assert not findings.silent
    for finding in findings.all:
        assert finding.low <= finding.value <= finding.high
        assert finding.money_at_stake > 0


def test_reasons_are_counted_once_for_each_customer():
    at = dt.datetime(2024, 3, 1)
    said = [(who, at, "fee") for who in range(50)] + [(who, at, "slow") for who in range(50, 95)]
    said += [(who, at, "other") for who in range(95, 100)] + [(0, at - dt.timedelta(days=1), "slow")]
    frame = pl.DataFrame(said, schema=["who", "at", "why"], orient="row")
    shop = visits()
    survey = ff.Events(frame, customer="who", time="at", event="why")
    asked = ff.Shop(events=shop.events, orders=shop.orders, survey=survey)
    findings = asked.diagnose(rules=["stated_reasons"])
    assert {finding.id: finding.value for finding in findings.all} == {
        "stated_reasons:reason=fee": 0.5, "stated_reasons:reason=slow": 0.45,
    }  # fmt: skip
    assert findings["stated_reasons:reason=fee"].audience.num_rows == 50
    assert findings.all[1].overlaps == ("stated_reasons:reason=fee",)


def test_a_rule_that_cannot_be_asked_says_why():
    shop = ff.Shop(events=visits().events, doubts=[])
    silent = shop.diagnose().silent
    assert "needs doubts= of ff.Shop" in silent["cart_doubts"]
    assert silent["stated_reasons"] == "needs survey="


def monthly(rates, benchmarks=None):
    """A shop of 1,000 who view each month, and of whom so many fill a cart and all of them order and pay."""
    rows = []
    for month, rate in enumerate(rates):
        start = dt.datetime(2023 + month // 12, month % 12 + 1, 1)
        for who in range(1_000):
            at = start + dt.timedelta(minutes=20 * who)
            steps = ["view", "cart", "order", "pay"] if who < 1_000 * rate else ["view"]
            rows += [(1_000 * month + who, at + dt.timedelta(minutes=n), step) for n, step in enumerate(steps)]
    frame = pl.DataFrame(rows, schema=["customer", "time", "event"], orient="row")
    return ff.Shop(events=ff.Events(frame, customer="customer", time="time", event="event"), benchmarks=benchmarks)


@pytest.mark.parametrize(
    ("rates", "found"),
    [
        ([0.4] * 9 + [0.3, 0.3], {"step_below_past:step=cart:against=past"}),
        ([0.4] * 11, set()),
        # It falls by as much each month: that is its trend, and no break.
        ([0.6 - 0.02 * month for month in range(11)], set()),
    ],
)
def test_a_step_that_falls_below_its_past(rates, found):
    findings = monthly(rates).diagnose(rules=["step_below_past"])
    assert {finding.id for finding in findings.all} == found
    for finding in findings.all:
        # The last month may not be whole, so that the one before it counts, against the line through six of 0.4.
        assert (finding.value, finding.baseline) == (pytest.approx(0.3), pytest.approx(0.4))
        # Variance of a forecast by a line, by hand: pooled rate (6 x 400 + 300) / 7000, six months at 0 to 5, the next at 6.
        pooled = 2_700 / 7_000
        variance = pooled * (1 - pooled) / 1_000 * (1 + 1 / 6 + 3.5**2 / 17.5)
        assert finding.p_value == pytest.approx(math.erfc(0.1 / math.sqrt(2 * variance)))


def test_a_step_below_its_benchmark():
    findings = monthly([0.4] * 8, {"cart": 0.5}).diagnose(rules=["step_below_past"])
    assert [finding.id for finding in findings.all] == ["step_below_past:step=cart:against=benchmark"]
    assert findings.all[0].p_value == pytest.approx(math.erfc(0.1 / math.sqrt(2 * 0.25 / 1_000)))


def test_every_word_is_there_in_both_languages():
    from footfall.core.wording import parts
    from footfall.rules._words import WORDS

    for name, languages in WORDS.items():
        assert set(languages) == {"en", "zh"}
        assert (
            set(languages["en"]) == set(languages["zh"]) == {"title", "statement", "metric", "money", "action", "watch"}
        )
        facts = [
            {value for text in words.values() for _, value, kind in parts(text, dict_of_names()) if kind}
            for words in languages.values()
        ]
        assert facts[0] == facts[1], name


def dict_of_names():
    class Names(dict):
        def __missing__(self, name):
            return name

    return Names()


def test_findings_are_said_in_chinese(findings):
    for finding in findings.all:
        english, chinese = finding.said("en"), finding.said("zh")
        assert english["title"] == finding.title
        assert english["statement"] == finding.statement
        assert all(any("一" <= letter <= "鿿" for letter in text) for text in chinese.values() if text)
    with pytest.raises(ValueError, match="language"):
        findings.all[0].said("fr")


def test_those_who_bought_before_the_data_begin_are_no_first_buyers():
    # Half of those of the first quarter come back, of the others 3 in 10: as of a shop whose old customers are not known.
    rows = []
    for month in range(15):
        start = dt.datetime(2023 + month // 12, month % 12 + 1, 1)
        for who in range(400):
            key = 1_000 * month + who
            rows.append((key, start, 10.0))
            if who < (200 if month < 3 else 120):
                rows.append((key, start + dt.timedelta(days=40), 10.0))
    frame = pl.DataFrame(rows, schema=["customer", "time", "amount"], orient="row")
    orders = ff.Orders(frame, customer="customer", time="time", amount="amount")
    assert not ff.Shop(orders=orders).diagnose(rules=["falling_retention"]).all
    people = ff.Customers(frame.group_by("customer").agg(pl.col("time").min()), customer="customer", registered="time")
    found = ff.Shop(orders=orders, customers=people).diagnose(rules=["falling_retention"])
    assert [finding.id for finding in found.all] == ["falling_retention"]


def test_of_thousands_of_products_few_are_told():
    draw, rows = random.Random(2), []
    for order in range(20_000):
        at = dt.datetime(2023, 1, 1) + dt.timedelta(minutes=order * 26)
        # 2,000 products, each sold for a month.
        rows.append((draw.randrange(4_000), at, f"p{order // 10}", 5.0))
    frame = pl.DataFrame(rows, schema=["customer", "time", "category", "amount"], orient="row")
    orders = ff.Orders(frame, customer="customer", time="time", category="category", amount="amount")
    assert not ff.Shop(orders=orders).diagnose(rules=["rising_tail_category", "sales_moved"]).all


@pytest.mark.filterwarnings("error::footfall.FootfallWarning")
def test_a_period_that_is_too_short_for_a_rule_is_said():
    shop = ff.Shop.sample(4_000, seed=1).between("2024-07-01", "2024-10-01")
    findings = shop.diagnose(rules=["shrinking_tier"])
    assert findings.silent == {"shrinking_tier": "needs orders of 271 days"}
