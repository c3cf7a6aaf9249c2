"""What is counted, as Prometheus reads it."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.process_collector import ProcessCollector


class Metrics:
    """The counts of one server; each has a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)  # memory, processor time, open files
        self.requests = Counter(
            "longshot_requests",
            "Requests that were answered",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "longshot_request_seconds",
            "From a request to the end of its answer",
            ["route"],
            registry=self.registry,
        )
        self.waiting = Gauge(
            "longshot_waiting_requests",
            "Requests that are waiting for or being worked on",
            registry=self.registry,
        )
        self.turned_away = Counter(
            "longshot_turned_away_requests",
            "Requests that were told to come again, as too many were waiting",
            registry=self.registry,
        )
        self.tokens = Counter(
            "longshot_tokens",
            "Tokens of texts that were read",
            registry=self.registry,
        )
        self.kept_bytes = Gauge(
            "longshot_kept_vectors_bytes",
            "Vectors that are kept in memory for the next request",
            registry=self.registry,
        )
        self.texts_together = Histogram(
            "longshot_texts_encoded_together",
            "Texts that were encoded together",
            buckets=[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
            registry=self.registry,
        )
        self.classifiers = Counter(
            "longshot_classifiers",
            "Classifiers that were wanted: found, or fitted anew",
            ["outcome"],
            registry=self.registry,
        )

    def text(self) -> bytes:
        """Give all counts in Prometheus' text format."""
        return generate_latest(self.registry)
