"""Several hosts on one machine: network namespaces that reach each other, and the services, over a bridge only."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from cms.demo.processes import Child


class NoNamespaces(Exception):
    """This machine does not let us make network namespaces; the message says why."""


def _ip(*arguments: str) -> None:
    try:
        subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise NoNamespaces("the program ip is missing (Debian package iproute2)") from error
    except subprocess.CalledProcessError as error:
        raise NoNamespaces(f"ip {' '.join(arguments)}: {error.stderr.strip()}") from error


class Network:
    """A bridge with the address `gateway`, and hosts that know nothing but it."""

    def __init__(self) -> None:
        self.tag = f"ik{os.getpid() % 100_000}"
        # Another one for each process, so that two test runs do not meet.
        self.subnet = f"10.{200 + os.getpid() % 50}.{os.getpid() // 50 % 250}"
        self.gateway = f"{self.subnet}.1"
        self.hosts: list[Host] = []
        _ip("link", "add", self.tag, "type", "bridge")
        try:
            _ip("addr", "add", f"{self.gateway}/24", "dev", self.tag)
            _ip("link", "set", self.tag, "up")
        except NoNamespaces:
            self.close()
            raise

    def add(self) -> Host:
        number = len(self.hosts) + 1
        host = Host(f"{self.tag}h{number}", f"{self.subnet}.{10 + number}")
        outside, inside = f"{self.tag}o{number}", f"{self.tag}i{number}"
        _ip("netns", "add", host.name)
        self.hosts.append(host)
        _ip("link", "add", outside, "type", "veth", "peer", "name", inside, "netns", host.name)
        _ip("link", "set", outside, "master", self.tag, "up")
        _ip("-n", host.name, "addr", "add", f"{host.address}/24", "dev", inside)
        for device in ("lo", inside):
            _ip("-n", host.name, "link", "set", device, "up")
        return host

    def close(self) -> None:
        for host in self.hosts:
            host.stop()
            _ip("netns", "del", host.name)
        _ip("link", "del", self.tag)


class Host:
    """One of them: its address and the processes on it."""

    def __init__(self, name: str, address: str) -> None:
        self.name, self.address = name, address
        self._children: list[Child] = []

    def run(self, name: str, command: list[str], environment: dict[str, str], directory: Path) -> Child:
        child = Child(f"{name}-{self.name}", ["ip", "netns", "exec", self.name, *command], run=directory, log=directory)
        child.start(environment)
        self._children.append(child)
        return child

    def stop(self) -> None:
        while self._children:
            self._children.pop().stop()


class Gateway:
    """Makes services of this machine reachable for the hosts: TCP ports of the bridge that lead to sockets here."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._servers: list[asyncio.Server] = []

    def lead_to(self, target: Path | int) -> int:
        """The port that leads to a Unix socket, or to a port of 127.0.0.1."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                there = await (
                    asyncio.open_unix_connection(str(target))
                    if isinstance(target, Path)
                    else asyncio.open_connection("127.0.0.1", target)
                )
            except OSError:
                writer.close()
                return
            try:
                await asyncio.gather(_copy(reader, there[1]), _copy(there[0], writer))
            except asyncio.CancelledError:
                # The gateway is being closed.
                pass
            finally:
                writer.close()
                there[1].close()

        server = self._do(asyncio.start_server(serve, self.address, 0))
        self._servers.append(server)
        port: int = server.sockets[0].getsockname()[1]
        return port

    def _do(self, step: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(step, self._loop).result(10)

    def close(self) -> None:
        async def end() -> None:
            for server in self._servers:
                server.close()
            open_ones = asyncio.all_tasks() - {asyncio.current_task()}
            for task in open_ones:
                task.cancel()
            await asyncio.gather(*open_ones, return_exceptions=True)
            # What was closed is torn down in the next round.
            await asyncio.sleep(0.1)

        self._do(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


def answers(address: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((address, port)) == 0
