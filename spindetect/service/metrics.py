"""Figures for Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric

    from spindetect.service.crew import Crew

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Counts and times of one service."""

    def __init__(self, crew: Crew) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "spindetect_requests", "Requests answered.", ("route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "spindetect_request_seconds", "Time to answer.", ("route",), buckets=_SECONDS, registry=self.registry
        )
        self.cases = Counter("spindetect_cases", "Cases opened.", registry=self.registry)
        self.items = Counter("spindetect_job_items", "Items of jobs done.", ("state",), registry=self.registry)
        self.registry.register(_Workers(crew))

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self.registry)


class _Workers(Collector):
    def __init__(self, crew: Crew) -> None:
        self._crew = crew

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("spindetect_in_hand", "Requests waiting or at work.", self._crew.in_hand)
        yield GaugeMetricFamily("spindetect_workers", "Worker processes.", self._crew.size)
        yield GaugeMetricFamily("spindetect_workers_replaced", "Workers that died or hung.", self._crew.replaced)
