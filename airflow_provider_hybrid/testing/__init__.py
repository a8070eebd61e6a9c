"""A kit to test routes: events as their producers send them, and what a configuration makes of them.

::

    from airflow_provider_hybrid.testing import routes_of, sample_event

    routes = routes_of("hybrid_dispatcher.json")


    def test_an_order_starts_its_partners_dag():
        event = sample_event("s3:ObjectCreated:Put", bucket="partner-a", key="orders/2026-11-22/1.csv")
        routes.given(event).starts("partner_a", conf={"day": "2026-11-22"})

It needs neither Airflow's database nor AWS, and starts and sends nothing. Its page is
``docs/how-to/test-routes.md``.
"""

from __future__ import annotations

from airflow_provider_hybrid.testing.outcome import Outcome
from airflow_provider_hybrid.testing.routes import Routes, routes_of
from airflow_provider_hybrid.testing.samples.make import (
    SAMPLE_NAMES,
    WAY_NAMES,
    sample_event,
    sample_message,
)
from airflow_provider_hybrid.testing.samples.sample import SampleError

__all__ = [
    "SAMPLE_NAMES",
    "WAY_NAMES",
    "Outcome",
    "Routes",
    "SampleError",
    "routes_of",
    "sample_event",
    "sample_message",
]
