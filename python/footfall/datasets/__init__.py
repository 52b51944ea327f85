"""Data to try things on: real orders, and synthetic data with known ground truth."""

from __future__ import annotations

from footfall.datasets.cdnow import CDNOW, load_cdnow
from footfall.datasets.sample_shop import SampleShop, make_shop

__all__ = ["CDNOW", "SampleShop", "load_cdnow", "make_shop"]
