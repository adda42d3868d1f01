# The service and its desk. It writes to /data only, so it runs with a read-only file system; see compose.yaml.
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY spindetect spindetect
COPY models models
COPY requirements-dev.lock .
RUN python -m venv /opt/spindetect \
    && /opt/spindetect/bin/pip install --no-cache-dir --constraint requirements-dev.lock ".[service,postgres,documents,parquet]"

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin spindetect \
    && mkdir /data && chown spindetect /data
COPY --from=build /opt/spindetect /opt/spindetect
ENV PATH=/opt/spindetect/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 SPINDETECT_DATA=/data
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
# It doesn't listen where others reach it before there is an API key:
#   docker run --rm -v spindetect:/data spindetect keys add NAME --scope score --scope review
ENTRYPOINT ["spindetect"]
CMD ["serve", "--host", "0.0.0.0", "--archive", "/data/archive"]
