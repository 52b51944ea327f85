"""Customer analytics for shops: who the customers are, what each is worth, what drove the sales.

>>> import footfall as ff
>>> orders = ff.datasets.load_cdnow()
>>> orders.rfm().segments.num_rows
10
"""

from __future__ import annotations

from importlib import import_module as _import_module
from typing import TYPE_CHECKING
from typing import Any as _Any

from footfall import _native
from footfall._errors import ColumnError, DataError, FootfallError, FootfallWarning, MissingExtraError, SpillError
from footfall.bands import Bands, bands
from footfall.core.options import options
from footfall.core.progress import Bars as _Bars
from footfall.data.events import Events
from footfall.data.exclude import Exclude
from footfall.data.orders import Orders
from footfall.data.step import Step
from footfall.edges import Edges
from footfall.io.presets import Preset, presets
from footfall.models.bg_nbd import BgNbd
from footfall.models.gamma_gamma import GammaGamma
from footfall.models.mbg_nbd import MbgNbd
from footfall.models.pareto_nbd import ParetoNbd
from footfall.segments import Rule, Segments
from footfall.table import Table

if TYPE_CHECKING:
    from footfall import datasets, findings, report, results
    from footfall.data.after_sales import AfterSales
    from footfall.data.customers import Customers
    from footfall.data.shop import Shop
    from footfall.data.spend import Spend
    from footfall.findings.registry import rule
    from footfall.models.kmeans import KMeans, kmeans

__version__ = "0.1.0"

__all__ = [
    "AfterSales",
    "Bands",
    "BgNbd",
    "ColumnError",
    "Customers",
    "DataError",
    "Edges",
    "Events",
    "Exclude",
    "FootfallError",
    "FootfallWarning",
    "GammaGamma",
    "KMeans",
    "MbgNbd",
    "MissingExtraError",
    "Orders",
    "ParetoNbd",
    "Preset",
    "Rule",
    "Segments",
    "Shop",
    "Spend",
    "SpillError",
    "Step",
    "Table",
    "__version__",
    "bands",
    "datasets",
    "findings",
    "kmeans",
    "options",
    "presets",
    "report",
    "results",
    "rule",
]

# What few processes use is imported when it is first named: one that reads, scores and writes should start at once.
_MODULES = {"datasets", "findings", "report", "results"}
_NAMES = {
    "AfterSales": "footfall.data.after_sales",
    "Customers": "footfall.data.customers",
    "KMeans": "footfall.models.kmeans",
    "Shop": "footfall.data.shop",
    "Spend": "footfall.data.spend",
    "kmeans": "footfall.models.kmeans",
    "rule": "footfall.findings.registry",
}


def __getattr__(name: str) -> _Any:
    if name in _MODULES:
        return _import_module(f"footfall.{name}")
    if name not in _NAMES:
        raise AttributeError(f"module 'footfall' has no attribute {name!r}")
    found = globals()[name] = getattr(_import_module(_NAMES[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


_native.on_progress(_Bars())
