"""A small name server (RFC 1035, UDP) on the loopback that answers from a zone written in a test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset


@contextmanager
def name_server(records: dict[tuple[str, str], list[str]]) -> Iterator[int]:
    """Answer for `records`, (name, type) -> texts of records; yields the port. What is not there does not exist."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=_serve, args=(server, records), daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        # An empty datagram ends the loop.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.sendto(b"", server.getsockname())
        thread.join()
        server.close()


def _serve(server: socket.socket, records: dict[tuple[str, str], list[str]]) -> None:
    names = {name for name, _kind in records}
    while True:
        data, client = server.recvfrom(4096)
        if not data:
            return
        query = dns.message.from_wire(data)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        answer = dns.message.make_response(query, recursion_available=True)
        found = records.get((name, kind), [])
        if found:
            answer.answer.append(dns.rrset.from_text_list(question.name, 300, "IN", kind, found))
        elif name not in names:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        server.sendto(answer.to_wire(max_size=4096), client)
