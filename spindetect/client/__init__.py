"""A client of the service, for threads and for coroutines; what comes back are the records that the library gives.

>>> from spindetect.client import Client
>>> with Client("http://localhost:8000", key="sd_...") as client:  # doctest: +SKIP
...     client.compare("the suspect's text", "the reference's text").verdict
'undecided'
"""

from __future__ import annotations

from spindetect.client.calls import add_articles, html, item, job, remove_article, results, submit
from spindetect.client.clients import AsyncClient, Client
from spindetect.client.reports import Report, ServiceError

__all__ = [
    "AsyncClient", "Client", "Report", "ServiceError", "add_articles", "html", "item", "job", "remove_article",
    "results", "submit",
]  # fmt: skip
