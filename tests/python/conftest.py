"""What all tests share. Under FOOTFALL_NO_SKIPS=1 a test that skips fails."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

import footfall as ff

# A slow machine is no fault of the code. The continuous build tries the same examples each time; people try new ones.
settings.register_profile(
    "footfall", derandomize=os.environ.get("CI") == "true", suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("footfall")


@pytest.fixture(autouse=True)
def _names(doctest_namespace):
    doctest_namespace["ff"] = ff


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("FOOTFALL_NO_SKIPS") == "1" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped under FOOTFALL_NO_SKIPS=1: {report.longrepr}"


@pytest.fixture
def cdnow():
    return ff.datasets.load_cdnow()
