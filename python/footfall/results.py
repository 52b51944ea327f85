"""The types of results, to annotate with: ``def report(sales: ff.results.Sales) -> None``."""

from __future__ import annotations

from footfall.analyses._funnel_result import Funnel
from footfall.analyses._rfm_result import RFM, SegmentTable
from footfall.analyses.abandonment import Abandonment
from footfall.analyses.acquisition import Acquisition
from footfall.analyses.allocation import Allocation
from footfall.analyses.backtest import Backtest
from footfall.analyses.baskets import Baskets
from footfall.analyses.categories import Categories
from footfall.analyses.clusters import Clusters
from footfall.analyses.comparison import Comparison
from footfall.analyses.concentration import Concentration
from footfall.analyses.drivers import Drivers
from footfall.analyses.lifecycle import Lifecycle
from footfall.analyses.lifetime import Lifetime
from footfall.analyses.migration import Migration
from footfall.analyses.mix import Mix
from footfall.analyses.paths import Paths
from footfall.analyses.precision import Precision
from footfall.analyses.products import Products
from footfall.analyses.repurchase import Repurchase
from footfall.analyses.retention import Retention
from footfall.analyses.rhythm import Rhythm
from footfall.analyses.sales import Sales
from footfall.analyses.sessions import Sessions
from footfall.analyses.stability import Stability
from footfall.analyses.weakest import Weakest
from footfall.core.event_quality import EventQuality
from footfall.core.quality import Quality
from footfall.result import PerCustomer, Result

__all__ = [
    "RFM",
    "Abandonment",
    "Acquisition",
    "Allocation",
    "Backtest",
    "Baskets",
    "Categories",
    "Clusters",
    "Comparison",
    "Concentration",
    "Drivers",
    "EventQuality",
    "Funnel",
    "Lifecycle",
    "Lifetime",
    "Migration",
    "Mix",
    "Paths",
    "PerCustomer",
    "Precision",
    "Products",
    "Quality",
    "Repurchase",
    "Result",
    "Retention",
    "Rhythm",
    "Sales",
    "SegmentTable",
    "Sessions",
    "Stability",
    "Weakest",
]
