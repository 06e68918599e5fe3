"""The site as the MDN HTTP Observatory sees it: behind nginx with TLS, at ports 80 and 443 of a network of its own."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from wsgiref.simple_server import WSGIServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.handlers.wsgi import WSGIHandler

from tests.conftest import find_tool
from tests.proxy import DEPLOY, _QuietHandler, lay_out, one_connection

pytestmark = [pytest.mark.django_db, pytest.mark.nginx, pytest.mark.node]
HOST = "www.example.org"
SCANNER = Path(__file__).parents[1] / "tools/node_modules/@mdn/mdn-http-observatory/src/scan.js"
NODE_AT_LEAST = 20
PRELOADED = {"mode": "force-https", "includeSubDomains": True}
# The network and the names of this machine stay as they are; in the new one there is only "lo", which has to be raised.
INSIDE = """
import fcntl, os, socket, struct, subprocess, sys, time
with socket.socket() as raw:
    fcntl.ioctl(raw, 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: IFF_UP, IFF_RUNNING
subprocess.run(["mount", "--bind", "hosts", "/etc/hosts"], check=True)
subprocess.run(["mount", "--bind", "conf", sys.argv[5]], check=True)
nginx = subprocess.Popen([sys.argv[1], "-p", os.getcwd(), "-c", "nginx.conf", "-e", "error.log"])
for port in (80, 443):
    for _attempt in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
status = subprocess.run([sys.argv[2], sys.argv[3], sys.argv[4]]).returncode
nginx.terminate()
nginx.wait()
sys.exit(status)
"""
OUTER = """
daemon off;
user root;
master_process off;
pid nginx.pid;
error_log error.log;
events {}
http {
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include site.conf;
}
"""


class _OnSocketFile(WSGIServer):
    """Reachable from every network namespace."""

    address_family = socket.AF_UNIX

    def server_bind(self) -> None:
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = HOST, 443
        self.setup_environ()

    def get_request(self):
        request, _address = super().get_request()
        return request, ("127.0.0.1", 0)


def write_certificate(directory: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (directory / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (directory / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))


@pytest.fixture
def https(settings):
    """What `cms.settings` makes of BASE_URL=https://www.example.org."""
    settings.BASE_URL, settings.ALLOWED_HOSTS = f"https://{HOST}", [HOST]
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"


def write_configuration(directory: Path) -> None:
    """nginx as the manual sets it up on a machine without Docker, its files in `directory`.

    The name of the site and its ports are those of the file itself.
    """
    lay_out(directory)
    text = (DEPLOY.parent / "systemd" / "nginx.conf").read_text()
    places = {
        f"/etc/letsencrypt/live/{HOST}/fullchain.pem": "certificate.pem",
        f"/etc/letsencrypt/live/{HOST}/privkey.pem": "key.pem",
        "unix:/run/ikoe/web.sock": f"unix:{directory}/application.sock",
        "/var/lib/ikoe": f"{directory}/var",
        "/opt/ikoe/static": f"{directory}/static",
        "/etc/nginx/ikoe": f"{directory}/ikoe",
        "/var/log/nginx": str(directory),
    }
    for here, there in places.items():
        assert here in text
        text = text.replace(here, there)
    # A kernel without IPv6 cannot listen there.
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
    (directory / "site.conf").write_text(text)
    (directory / "nginx.conf").write_text(OUTER)


def scan(directory: Path, preloaded: dict) -> dict:
    """Start everything and return what the scanner says. Requests are answered here, in the transaction of the test.

    `preloaded` is the list of sites that browsers know to use TLS; the package fetches it when it is installed.
    """
    (directory / "hosts").write_text(f"127.0.0.1 localhost {HOST}\n")
    write_configuration(directory)
    write_certificate(directory)
    command = ["unshare", "--map-root-user", "--net", "--mount", sys.executable, "-c", INSIDE]
    conf = SCANNER.parents[1] / "conf"
    command += [find_tool("nginx"), find_tool("node"), str(SCANNER), HOST, str(conf)]
    shutil.copytree(conf, directory / "conf")
    (directory / "conf/hsts-preload.json").write_text(json.dumps(preloaded))
    environment = os.environ | {"NODE_EXTRA_CA_CERTS": str(directory / "certificate.pem")}
    with one_connection(), _OnSocketFile(f"{directory}/application.sock", _QuietHandler) as server:
        server.set_app(WSGIHandler())
        server.timeout = 0.05
        with (directory / "said").open("w") as said:
            process = subprocess.Popen(command, cwd=directory, env=environment, stdout=said, stderr=said)
            while process.poll() is None:
                server.handle_request()
    text = (directory / "said").read_text()
    assert process.returncode == 0, text + (directory / "error.log").read_text()
    return json.loads(text[text.index("{") :])


def why_left_out() -> str:
    """What is missing here: the scanner, its Node, or the right to have a network of one's own (containers)."""
    if not SCANNER.exists():
        return "the Observatory (npm ci --prefix tests/tools) not found"
    major = subprocess.run([find_tool("node"), "--version"], capture_output=True, text=True, check=True).stdout[1:]
    if int(major.partition(".")[0]) < NODE_AT_LEAST:
        return f"the Observatory needs Node {NODE_AT_LEAST}"
    namespaces = ["unshare", "--map-root-user", "--net", "--mount", "true"]
    if not shutil.which("unshare") or subprocess.run(namespaces, capture_output=True, check=False).returncode:
        return "no network namespaces here"
    return ""


@pytest.mark.parametrize(("preloaded", "score"), [({}, 130), ({HOST: PRELOADED}, 135)], ids=["new", "preloaded"])
def test_observatory_gives_the_best_grade(site, https, tmp_path_factory, preloaded, score):
    """The last five points come with the list that browsers bring along; the headers ask to be put on it.

    The other way to them is a script with a hash, and these pages have no script.
    """
    if reason := why_left_out():
        pytest.skip(reason)

    found = scan(tmp_path_factory.mktemp("observatory"), preloaded)

    failed = {name: test["result"] for name, test in found["tests"].items() if not test["pass"]}
    assert failed == {}
    assert (found["scan"]["grade"], found["scan"]["score"]) == ("A+", score)
