"""The sample shop: what is planted is there, in its size; what is left out is not."""

import datetime as dt
import math

import numpy as np
import polars as pl
import pytest

import footfall as ff
from reference import logistic

END = pl.datetime(2025, 1, 1)


class Shop:
    """A sample shop as Polars frames."""

    def __init__(self, **options):
        made = ff.datasets.make_shop(60_000, seed=11, **options)
        self.made = made
        self.customers, self.events, self.orders, self.spend, self.after_sales, self.truth = (
            pl.DataFrame(getattr(made, name)).with_columns(pl.col(pl.Categorical).cast(pl.String))
            for name in ("customers", "events", "orders", "spend", "after_sales", "truth")
        )

    def size(self, truth, place):
        return self.truth.filter(pl.col("truth") == truth, pl.col("place").str.contains(place))["size"].item()

    def paid(self):
        return self.orders.filter(pl.col("status") == "completed")

    def sums(self):
        """One row per paid order, in the order of time."""
        keys = self.paid().group_by("customer", "order_id")
        return keys.agg(
            pl.col("time").first(),
            pl.col("amount").sum(),
            pl.col("delivery_days").first(),
            pl.col("shipping_fee").sum(),
        ).sort("customer", "time")


@pytest.fixture(scope="module")
def planted():
    return Shop()


@pytest.fixture(scope="module")
def healthy():
    return Shop(without="all")


both = pytest.mark.parametrize("name", ["planted", "healthy"])


def close(estimate, error, truth):
    """Within four standard errors."""
    assert abs(estimate - truth) < 4 * error, (estimate, error, truth)


@both
def test_cart_to_order(request, name):
    shop = request.getfixturevalue(name)
    sessions = (
        shop.events.filter(pl.col("shipping_fee").is_not_null())
        .group_by("session")
        .agg(pl.col("customer", "device", "shipping_fee").first(), ordered=(pl.col("event") == "order").any())
        .join(shop.customers.select("customer", "region"), on="customer")
    )
    weak = (sessions["device"] == "mobile_web") & (sessions["region"] == "west")
    west, mobile = sessions["region"] == "west", sessions["device"] == "mobile_web"
    # Region and device alone make no difference: their coefficients are in the model and near zero.
    x = np.column_stack([weak, sessions["shipping_fee"] / 5, west, mobile]).astype(float)
    estimate, error = logistic(x, sessions["ordered"].to_numpy())
    close(estimate[1], error[1], np.log(shop.size("weak_step", "mobile_web")))
    # Those who never buy leave carts at any fee, so that the slope is the fee's own.
    close(estimate[2], error[2], -np.log(shop.size("shipping_fee", "sessions")))
    close(estimate[3], error[3], 0)
    close(estimate[4], error[4], 0)
    assert error[1] < 0.1
    assert error[2] < 0.02


@both
def test_drivers_of_repurchase(request, name):
    shop = request.getfixturevalue(name)
    orders = shop.sums().with_columns(
        number=pl.int_range(pl.len()).over("customer"), following=pl.col("time").shift(-1).over("customer")
    )
    first = orders.filter(pl.col("number") == 0, pl.col("time") < END - pl.duration(days=90))
    ratings = shop.after_sales.filter(pl.col("kind") == "rating").select("order_id", "rating")
    first = first.join(ratings, on="order_id").join(shop.customers.select("customer", "level"), on="customer")
    again = ((first["following"] - first["time"]).dt.total_seconds() <= 90 * 86_400).fill_null(value=False)
    x = np.column_stack([first["rating"] >= 4, first["delivery_days"] <= 3, first["level"] == "plus"]).astype(float)
    estimate, error = logistic(x, again.to_numpy())
    for index, place in enumerate(["rated", "delivered", "level"], start=1):
        close(estimate[index], error[index], np.log(shop.size("repurchase_drivers", place)))
        assert error[index] < 0.08


@both
def test_purchases_follow_the_process(request, name):
    """P(no repeat in T) of MBG/NBD is a/(a+b) + b/(a+b) · (α/(α+T))^r; z/(z+γ) of Gamma-Gamma is Beta(p, q)."""
    shop = request.getfixturevalue(name)
    r, alpha, a, b = (shop.size("purchase_process", f"^{place}$") for place in ("r", "alpha", "a", "b"))
    p, q, gamma = (shop.size("purchase_process", f"^{place}$") for place in ("p", "q", "gamma"))
    orders = shop.sums().with_columns(following=pl.col("time").shift(-1).over("customer"))
    first = orders.group_by("customer", maintain_order=True).first()
    for days in (30, 120):
        old = first.filter(pl.col("time") < pl.datetime(2024, 7, 1) - pl.duration(days=1))
        gap = (old["following"] - old["time"]).dt.total_seconds() / 86_400
        none = (gap.fill_null(np.inf) > days).mean()
        expected = a / (a + b) + b / (a + b) * (alpha / (alpha + days)) ** r
        close(none, np.sqrt(none * (1 - none) / old.height), expected)
    z = first["amount"].to_numpy()
    share = z / (z + gamma)
    close(share.mean(), share.std() / np.sqrt(len(z)), p / (p + q))
    assert share.var() == pytest.approx(p * q / (p + q) ** 2 / (p + q + 1), rel=0.03)


@both
def test_retention_of_recent_cohorts(request, name):
    shop = request.getfixturevalue(name)
    r, alpha, a, b = (shop.size("purchase_process", f"^{place}$") for place in ("r", "alpha", "a", "b"))
    orders = shop.sums().with_columns(following=pl.col("time").shift(-1).over("customer"))
    first = orders.group_by("customer", maintain_order=True).first()
    days = 60
    recent = first.filter(pl.col("time") >= pl.datetime(2024, 7, 1), pl.col("time") < END - pl.duration(days=days))
    gap = (recent["following"] - recent["time"]).dt.total_seconds() / 86_400
    again = (gap.fill_null(np.inf) <= days).mean()
    stays = shop.size("falling_retention", "first buy")
    expected = stays * b / (a + b) * (1 - (alpha / (alpha + days)) ** r)
    close(again, np.sqrt(again * (1 - again) / recent.height), expected)


def quarters(*parts):
    """The probabilities of the 96 quarter hours of a day of normal parts (mean and deviation in hours); tails inside."""
    edges = np.arange(97) / 4
    below = np.array(
        [[0.5 * (1 + math.erf((edge - mean) / sd / math.sqrt(2))) for edge in edges] for mean, sd in parts]
    )
    below[:, 0], below[:, -1] = 0, 1
    return np.diff(below, axis=1)


@both
def test_hours_of_the_day(request, name):
    """The shares of starts at the peaks by maximum likelihood, with errors by customer."""
    shop = request.getfixturevalue(name)
    starts = shop.events.group_by("session").agg(pl.col("customer").first(), pl.col("time").min())
    quarter = (starts["time"].dt.hour().cast(pl.Int64) * 4 + starts["time"].dt.minute() // 15).to_numpy()
    peaks = quarters((12.5, 0.8), (20.5, 1.0))
    rest = np.zeros(96)
    rest[28:] = 1 / 68
    if name == "healthy":
        (rest,) = quarters((15.0, 3.5))
    parts = np.vstack([peaks, rest])
    counts = np.bincount(quarter, minlength=96)
    weights = np.full(3, 1 / 3)
    for _ in range(500):
        shares = weights[:, None] * parts
        shares /= np.maximum(shares.sum(axis=0), 1e-300)
        weights = (shares * counts).sum(axis=1) / counts.sum()
    mixed = np.maximum(weights @ parts, 1e-300)
    scores = ((parts[:2] - parts[2]) / mixed)[:, quarter]
    _, who = np.unique(starts["customer"].to_numpy(), return_inverse=True)
    by_customer = np.array([np.bincount(who, weights=score) for score in scores])
    bread = np.linalg.inv(scores @ scores.T)
    errors = np.sqrt(np.diag(bread @ (by_customer @ by_customer.T) @ bread))
    for weight, error, place in zip(weights, errors, ("12:30", "20:30"), strict=False):
        truth = shop.size("two_peaks", place)
        # A share of nothing is at the edge, where the estimate is above it as often as it can be.
        close(weight, max(error, 1e-3), truth)
        assert error < 0.003
    assert (quarter < 24).mean() < (0.001 if name == "planted" else 0.02)


@both
def test_the_share_without_a_purchase(request, name):
    shop = request.getfixturevalue(name)
    buyers = shop.paid()["customer"].n_unique()
    assert 1 - buyers / shop.customers.height == pytest.approx(shop.size("purchase_process", "until the end"))
    # By hand: half never buy, and of the others those whose first order, ten days after registration on average, is
    # due after the end have not yet.
    day = (shop.customers["registered"].dt.date() - dt.date(2023, 1, 1)).dt.total_days().to_numpy()
    expected = 0.5 + 0.5 * np.exp(-(731 - day) / 10).mean()
    share = 1 - buyers / shop.customers.height
    close(share, np.sqrt(share * (1 - share) / shop.customers.height), expected)
    assert shop.size("purchase_process", "^registered") == 0.5


@both
def test_growing_city_tier(request, name):
    shop = request.getfixturevalue(name)
    growth = shop.size("growing_city_tier", "tier_3")
    for tier, expected in (("tier_3", growth), ("tier_1", 1)):
        days = (
            shop.customers.filter(pl.col("city_tier") == tier)["registered"] - pl.Series([0]).cast(pl.Datetime("us"))[0]
        )
        part = (days.dt.total_seconds() / 86_400 - 19_358).to_numpy() / 731
        # The mean of a density that grows by e^g over [0, 1].
        g = np.log(expected)
        mean = 0.5 if expected == 1 else 1 / (1 - np.exp(-g)) - 1 / g
        close(part.mean(), part.std() / np.sqrt(len(part)), mean)


@both
def test_categories(request, name):
    shop = request.getfixturevalue(name)
    lines = shop.paid().join(shop.customers.select("customer", "region", "age"), on="customer")
    part = (lines["time"].dt.epoch("s").to_numpy() / 86_400 - 19_358) / 731
    estimate, error = logistic(part[:, None], (lines["category"] == "pet").to_numpy())
    close(estimate[1], error[1], np.log(shop.size("rising_category", "pet")))
    assert error[1] < 0.1
    places = {"beauty": ("east", 25, 34), "digital": ("south", 18, 24)}
    groups = {
        category: ((lines["region"] == region) & lines["age"].is_between(low, high)).to_numpy().astype(float)
        for category, (region, low, high) in places.items()
    }
    for category, other in (("beauty", "digital"), ("digital", "beauty")):
        # The rising category takes from the others alike, and what a group prefers from all else, so that time and the
        # other group stand beside the group.
        x = np.column_stack([groups[category], groups[other], part])
        estimate, error = logistic(x, (lines["category"] == category).to_numpy())
        close(estimate[1], error[1], np.log(shop.size("category_preference", category)))
        assert error[1] < 0.1


@both
def test_cost_of_new_customers(request, name):
    shop = request.getfixturevalue(name)
    for channel, rise in (("ads", shop.size("rising_acquisition_cost", "ads")), ("search", 1.0)):
        cost = []
        for month in (pl.date(2023, 1, 1), pl.date(2024, 12, 1)):
            joined = shop.customers.filter(
                pl.col("channel") == channel, pl.col("registered").dt.truncate("1mo") == month
            )
            spent = shop.spend.filter(pl.col("channel") == channel, pl.col("time") == month)["amount"].item()
            cost.append(spent / joined.height)
        assert cost[1] / cost[0] == pytest.approx(rise, rel=1e-3)


@both
def test_spend_by_tier(request, name):
    shop = request.getfixturevalue(name)
    spent = shop.spend.filter(pl.col("channel").is_null()).group_by("segment").agg(pl.col("amount").sum())
    shares = dict(zip(spent["segment"], spent["amount"] / spent["amount"].sum(), strict=True))
    assert len(shares) == 5
    for tier, share in shares.items():
        assert share == pytest.approx(shop.size("spend_by_tier", tier), abs=1e-3)
    rows = shop.truth.filter(pl.col("truth") == "spend_by_tier")
    far = (rows["size"] - rows["without"]).abs().max()
    assert (far > 0.1) == (name == "planted")


@both
def test_recommendations(request, name):
    shop = request.getfixturevalue(name)
    shown = shop.events.filter(pl.col("event") == "show").height
    clicked = shop.events.filter(pl.col("event") == "click").height
    rate = clicked / shown
    close(rate, np.sqrt(rate / shown), shop.size("recommendations", "shown"))


@both
def test_tiers(request, name):
    """Buyers of many orders spend more per order where frequent and high go together."""
    shop = request.getfixturevalue(name)
    sizes = shop.truth.filter(pl.col("truth") == "tiers", pl.col("measure").str.contains("at the end"))
    assert sizes["size"].sum() == pytest.approx(1)
    orders = shop.sums().group_by("customer").agg(pl.len(), pl.col("amount").mean())
    often = orders.filter(pl.col("len") >= 8)["amount"].mean() / orders.filter(pl.col("len") == 1)["amount"].mean()
    assert (often > 1.2) == (name == "planted")
    if name == "healthy":
        assert often == pytest.approx(1, abs=0.05)


def test_what_is_left_out_alone(planted):
    """Leaving one truth out changes what it touches, and nothing else."""
    without = Shop(without=["recommendations"])
    assert without.orders.equals(planted.orders)
    assert without.spend.equals(planted.spend)
    assert not without.events.equals(planted.events)
    assert without.truth.filter(~pl.col("planted"))["truth"].to_list() == ["recommendations"]


def test_one_rate_for_all():
    """Without the purchase process all buyers buy at the mean rate: frequent buyers are few."""
    shop = Shop(without=["purchase_process", "falling_retention"])
    first = shop.sums().with_columns(following=pl.col("time").shift(-1).over("customer")).group_by("customer").first()
    old = first.filter(pl.col("time") < pl.datetime(2024, 7, 1))
    gap = (old["following"] - old["time"]).dt.total_seconds() / 86_400
    again = (gap.fill_null(np.inf) <= 60).mean()
    expected = 4.2 / 4.8 * (1 - np.exp(-60 * 0.8 / 75))
    close(again, np.sqrt(again * (1 - again) / old.height), expected)


def test_any_number_of_threads():
    options = {"customers": 5_000, "seed": 3, "dirt": 0.01}
    one, many = [], []
    for threads, to in ((1, one), (3, many)):
        ff.options.threads = threads
        try:
            shop = ff.datasets.make_shop(**options)
        finally:
            ff.options.threads = None
        to.extend(pl.DataFrame(getattr(shop, name)) for name in ("customers", "events", "orders", "truth", "spend"))
    assert all(a.equals(b) for a, b in zip(one, many, strict=True))
    other = pl.DataFrame(ff.datasets.make_shop(5_000, seed=4, dirt=0.01).orders)
    assert not other.equals(one[2])


def test_it_looks_like_a_shop(planted):
    assert planted.events["time"].is_sorted()
    assert planted.events["time"].max() < planted.events.select(END).item()
    products = planted.paid()["product"].value_counts(sort=True)["count"]
    assert products.head(200).sum() > 0.6 * products.sum()
    days = planted.events.filter(pl.col("event") == "view")["time"].dt.weekday().value_counts(sort=True)
    assert set(days["time"].head(2)) == {6, 7}
    buyers = planted.paid()["customer"].n_unique()
    assert 0.4 < buyers / planted.customers.height < 0.6
    lines = planted.paid()
    assert (lines["quantity"] * lines["price"] - lines["discount"] - lines["amount"]).abs().max() < 0.006
    refunds = planted.orders.filter(pl.col("status") == "refunded")
    assert refunds["refund_of"].is_in(lines["order_id"].unique()).all()
    # Each completed order is paid for, in the events too, but for those that the end cut.
    paid = planted.events.filter(pl.col("event") == "pay")["value"].sum()
    assert paid == pytest.approx(lines["amount"].sum(), rel=1e-4)


def test_dirt_is_counted():
    rates = {"null_customer": 0.02, "null_time": 0.01, "duplicates": 0.03, "late": 0.05}
    clean, dirty = (ff.datasets.make_shop(4_000, seed=5, dirt=dirt) for dirt in (0.0, rates))

    def log(shop):
        return ff.Events(shop.events, customer="customer", time="time", event="event")

    rows = clean.events.num_rows
    quality = log(dirty).quality
    assert log(clean).quality.rows_used == rows
    assert dirty.events.num_rows == pytest.approx(rows * 1.03, rel=0.01)
    assert quality.left_out["null_customer"] == pytest.approx(rows * 0.02, rel=0.1)
    assert quality.left_out["null_time"] == pytest.approx(rows * 0.01, rel=0.1)
    times = pl.DataFrame(dirty.events)["time"].drop_nulls()
    assert (times.diff().dt.total_seconds() < 0).sum() == 1
    orders = ff.Orders(dirty.orders, customer="customer", time="time", amount="amount", order_id="order_id",
                       product="product")  # fmt: skip
    assert len(orders.duplicates()) > 0
    steps = ["view", "cart", "order"]
    late = ff.datasets.make_shop(4_000, seed=5, dirt={"late": 0.3})
    assert log(late).funnel(steps).table.rows() == log(clean).funnel(steps).table.rows()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"customers": 0}, "a whole number from 1"),
        ({"customers": 21_000_000}, "from 1 to 20000000"),
        ({"seed": -1}, "a whole number from 0"),
        ({"without": ["peaks"]}, "two_peaks"),
        ({"without": "peaks"}, "two_peaks"),
        ({"dirt": 2.0}, "from 0 to 1"),
        ({"dirt": float("nan")}, "from 0 to 1"),
        ({"dirt": {"lost": 0.1}}, "null_customer"),
    ],
)
def test_errors(options, words):
    with pytest.raises(ValueError, match=words):
        ff.datasets.make_shop(**options)
