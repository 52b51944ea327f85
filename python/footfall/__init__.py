"""Customer analytics for shops: who the customers are, what each is worth, what drove the sales.

>>> import footfall as ff
>>> orders = ff.datasets.load_cdnow()
>>> orders.rfm().segments.num_rows
10
"""

from __future__ import annotations

from footfall import _native, datasets, findings, report, results
from footfall._errors import ColumnError, DataError, FootfallError, FootfallWarning, MissingExtraError, SpillError
from footfall.bands import Bands, bands
from footfall.core.options import options
from footfall.core.progress import Bars as _Bars
from footfall.data.after_sales import AfterSales
from footfall.data.customers import Customers
from footfall.data.events import Events
from footfall.data.exclude import Exclude
from footfall.data.orders import Orders
from footfall.data.shop import Shop
from footfall.data.spend import Spend
from footfall.data.step import Step
from footfall.edges import Edges
from footfall.findings.registry import rule
from footfall.io.presets import Preset, presets
from footfall.models.bg_nbd import BgNbd
from footfall.models.gamma_gamma import GammaGamma
from footfall.models.kmeans import KMeans, kmeans
from footfall.models.mbg_nbd import MbgNbd
from footfall.models.pareto_nbd import ParetoNbd
from footfall.segments import Rule, Segments
from footfall.table import Table

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

_native.on_progress(_Bars())
