"""The routes of `hybrid_dispatcher.json`, tested: ``pytest test_routes.py``."""

from __future__ import annotations

from pathlib import Path

from airflow_provider_hybrid.testing import routes_of, sample_event

routes = routes_of(Path(__file__).with_name("hybrid_dispatcher.json"))
KEY = "orders/2026-11-22/orders.csv"


def test_an_order_starts_the_partners_dag_with_the_day_from_the_folder() -> None:
    event = sample_event("s3:ObjectCreated:Put", via="interceptor", bucket="partner-a", key=KEY)

    routes.given(event).starts(
        "partner_a", conf={"bucket": "partner-a", "key": KEY, "day": "2026-11-22"}
    ).nothing_else()


def test_a_deleted_file_starts_nothing() -> None:
    event = sample_event("s3:ObjectRemoved:Delete", via="interceptor", bucket="partner-a", key=KEY)

    routes.given(event).starts_nothing(because="detail-type")


def test_the_bucket_of_the_reports_starts_nothing() -> None:
    event = sample_event("s3:ObjectCreated:Put", via="interceptor", bucket="partner-reports", key=KEY)

    routes.given(event).starts_nothing(because="detail.bucket.name").is_dead_lettered()
