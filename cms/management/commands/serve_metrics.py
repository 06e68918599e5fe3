"""`serve_metrics [--bind ADDRESS:PORT]`: figures for Prometheus, on a port that is not for the public."""

from __future__ import annotations

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from prometheus_client import CollectorRegistry, start_http_server

from cms.monitoring.collecting import SiteCollector

DEFAULT = "127.0.0.1:9808"


class Command(BaseCommand):
    help = (
        "Stellt Kennzahlen für Prometheus bereit: Warteschlangen, Versand, Aufgaben, Dokumentationen, Anmeldungen. Ein "
        "Prozess genügt für alle; er gehört hinter keinen öffentlichen Proxy."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default=DEFAULT, metavar="ADDRESS:PORT", help=f"sonst {DEFAULT}")

    def handle(self, *args: Any, **options: Any) -> None:
        address, _colon, port = options["bind"].rpartition(":")
        if not address or not port.isdecimal() or int(port) > 65_535:
            raise CommandError(f"--bind: erwartet wird ADRESSE:PORT, zum Beispiel {DEFAULT}", returncode=2)
        registry = CollectorRegistry()
        registry.register(SiteCollector())
        try:
            server, thread = start_http_server(int(port), addr=address.strip("[]"), registry=registry)
        except OSError as error:
            raise CommandError(f"{options['bind']}: {error.strerror}", returncode=1) from error
        ended = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_received: ended.set())
        if options["verbosity"]:
            self.stdout.write(f"Kennzahlen: http://{address}:{server.server_port}/metrics")
            self.stdout.flush()
        ended.wait()
        server.shutdown()
        thread.join()
