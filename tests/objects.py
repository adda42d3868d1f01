"""An S3 server on this machine, in memory, where the packages for one are installed."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

NEEDED = "needs an S3 server to run against: pip install 'moto[s3]' flask flask-cors"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextmanager
def bucket() -> Iterator[tuple[str, str]]:
    """A bucket's URI, and the options that reach it; the environment must have `CREDENTIALS`."""
    server_of = pytest.importorskip("moto.server", reason=NEEDED)
    pytest.importorskip("pyarrow")
    server = server_of.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        made = urllib.request.Request(f"http://{host}:{port}/news", method="PUT")
        urllib.request.urlopen(made).close()
        yield "s3://news", f"endpoint_override={host}:{port}&scheme=http&region=us-east-1"
    finally:
        server.stop()
