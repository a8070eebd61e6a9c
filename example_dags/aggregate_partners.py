"""The final DAG: runs once per day, when all three partners have delivered that day.

`partner_days` says how it waits for them. Each partner tells where its summary is, so this DAG knows no
bucket but that of its own report.
"""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from decimal import Decimal

from airflow.providers.amazon.aws.hooks.s3 import S3Hook
from airflow.sdk import dag, get_current_context, task
from partner_days import ALL_OF_A_DAY, REPORT_BUCKET, delivered

log = logging.getLogger(__name__)


@dag(
    schedule=ALL_OF_A_DAY,
    tags=["partner"],
    doc_md=__doc__,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=10)},
)
def aggregate_partners() -> None:
    @task
    def report() -> str:
        s3 = S3Hook()
        day, summaries = delivered(get_current_context())
        totals = {}
        for name, summary in summaries.items():
            bucket, key = s3.parse_s3_url(summary)
            totals[name] = json.loads(s3.read_key(key, bucket))["total"]
        total = str(sum(Decimal(part) for part in totals.values()))
        document = json.dumps({"day": day, "total": total, "partners": totals})
        s3.load_string(document, f"reports/{day}.json", REPORT_BUCKET, replace=True)
        log.info("%s: the total of %d partners is %s", day, len(totals), total)
        return total

    report()


aggregate_partners()
