"""Servers that Airflow's metrics are sent to: StatsD over UDP, and OpenTelemetry's protocol over HTTP."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from tests.harness.ports import HOST
from tests.harness.versions import AIRFLOW, Version

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE = re.compile(r"airflow\.(?P<name>hybrid\.[^:,]+)(?P<tags>[^:]*):(?P<value>[^|]+)\|(?P<kind>c|g|ms)")
_KINDS = {"c": "counter", "g": "gauge", "ms": "timer"}
_END = b"end"


@dataclass(frozen=True)
class Reading:
    """A value that arrived.

    Args:
        name: The figure's name, without Airflow's prefix.
        kind: ``counter``, ``gauge`` or ``timer``.
        value: The value; of a timer that is a histogram the sum.
        tags: Its tags.
    """

    name: str
    kind: str
    value: float
    tags: tuple[tuple[str, str], ...] = ()


class Statsd:
    """A StatsD server, which keeps the figures of this package.

    Args:
        with_tags: Whether Airflow is to send tags, in the form of InfluxDB.
    """

    def __init__(self, *, with_tags: bool) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((HOST, 0))
        self._readings: list[Reading] = []
        self._receiving = Thread(target=self._receive, daemon=True)
        self.environ = {
            "AIRFLOW__METRICS__STATSD_ON": "True",
            "AIRFLOW__METRICS__STATSD_HOST": HOST,
            "AIRFLOW__METRICS__STATSD_PORT": str(self._socket.getsockname()[1]),
            "AIRFLOW__METRICS__STATSD_INFLUXDB_ENABLED": str(with_tags),
        }

    def start(self) -> None:
        """Receive."""
        self._receiving.start()

    def stop(self) -> None:
        """Receive what was sent until now, and no more."""
        if self._receiving.is_alive():
            self._socket.sendto(_END, self._socket.getsockname())
            self._receiving.join()
        self._socket.close()

    @property
    def readings(self) -> list[Reading]:
        """What has arrived."""
        return list(self._readings)

    def _receive(self) -> None:
        while (datagram := self._socket.recv(65536)) != _END:
            for line in datagram.decode().splitlines():
                if found := _LINE.fullmatch(line):
                    tags = (tag.split("=") for tag in found["tags"].split(",")[1:])
                    self._readings.append(
                        Reading(
                            found["name"],
                            _KINDS[found["kind"]],
                            float(found["value"]),
                            tuple((name, value) for name, value in tags),
                        )
                    )


class Otlp:
    """An OpenTelemetry collector, which keeps the figures of this package."""

    def __init__(self) -> None:
        self.readings: list[Reading] = []
        """What has arrived."""
        self._server = ThreadingHTTPServer((HOST, 0), _handler(self.readings))
        port = str(self._server.server_port)
        self.environ = {
            "AIRFLOW__METRICS__OTEL_ON": "True",
            **(
                {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{HOST}:{port}"}
                if Version("3.2") <= AIRFLOW
                else {"AIRFLOW__METRICS__OTEL_HOST": HOST, "AIRFLOW__METRICS__OTEL_PORT": port}
            ),
            "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "delta",
        }

    def start(self) -> None:
        """Answer requests."""
        Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Give up the port."""
        self._server.shutdown()
        self._server.server_close()


def _handler(readings: list[Reading]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            readings.extend(_readings_in(ExportMetricsServiceRequest.FromString(body)))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Stay silent."""

    return Handler


def _readings_in(request: Any) -> Iterator[Reading]:
    for resource in request.resource_metrics:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                if metric.name.startswith("airflow.hybrid."):
                    yield from _readings_of(metric)


def _readings_of(metric: Any) -> Iterator[Reading]:
    form = metric.WhichOneof("data")
    kind = {"sum": "counter", "gauge": "gauge"}.get(form, "timer")
    for point in getattr(metric, form).data_points:
        value = point.sum if kind == "timer" else point.as_double or float(point.as_int)
        tags = tuple((tag.key, tag.value.string_value) for tag in point.attributes)
        yield Reading(metric.name.removeprefix("airflow."), kind, value, tags)
