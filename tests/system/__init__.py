"""The package in a real Airflow on PostgreSQL, with a real S3 and SQS over HTTP."""
