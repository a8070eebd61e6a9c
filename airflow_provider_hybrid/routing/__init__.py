"""From events to launches. Pure: no Airflow, no AWS, no clock."""
