"""The report of a shop: statements, charts and tables, in HTML and Word, in Chinese and English."""

from footfall.report.check import check

__all__ = ["check"]
