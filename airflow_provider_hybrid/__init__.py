"""Events on SQS become DAG runs in Apache Airflow."""

__version__ = "0.1.0"
