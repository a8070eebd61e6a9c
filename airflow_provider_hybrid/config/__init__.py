"""The dispatcher's configuration: the JSON document in one Airflow Variable."""
