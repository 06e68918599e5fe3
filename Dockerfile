# The images of the site. `site` runs website, beat, commands and most workers; `intake` is the same with the programs
# that read files from outside (700 MB that nobody else needs); `proxy` is nginx with our configuration and the static
# files. See docker-compose.yml and docs/operations.md.

ARG DEBIAN=debian:bookworm-slim

# Installs exactly what uv.lock names, without the groups for demo, tests and development.
FROM ${DEBIAN} AS build
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never UV_PYTHON=/usr/bin/python3
WORKDIR /app
# Versions are those of the Debian release: they get security fixes only.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3-venv \
    && rm -rf /var/lib/apt/lists/* \
    && python3 -m venv /uv \
    && /uv/bin/pip install --no-cache-dir uv==0.13.9
COPY pyproject.toml uv.lock ./
RUN /uv/bin/uv sync --locked --no-cache --no-default-groups

FROM ${DEBIAN} AS site
# Certificates for mail servers and external links; the rest is loaded by WeasyPrint.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates fontconfig libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 python3 tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /tmp --no-create-home ikoe \
    && install -d -o ikoe -g ikoe -m 750 /var/lib/ikoe /var/lib/ikoe/archive /var/lib/ikoe/media /run/ikoe
# Everything that is written lies in VAR_DIR and /tmp: the rest may be read-only.
ENV PATH=/app/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    VAR_DIR=/var/lib/ikoe STATIC_ROOT=/app/static HOME=/tmp XDG_CACHE_HOME=/tmp/cache LANG=C.UTF-8 \
    ALIVE_FILE=/tmp/alive LOG_FORMAT=json
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY manage.py gunicorn.conf.py ./
COPY deploy/containers deploy/containers
COPY locale locale
COPY templates templates
COPY home home
COPY archive archive
COPY newsletter newsletter
COPY cms cms
# The key lives only for this command.
RUN python -m compileall -q cms newsletter archive home \
    && VAR_DIR=/tmp/build SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
        python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/build /tmp/cache
ARG VERSION=dev
LABEL org.opencontainers.image.title="IKOE" \
    org.opencontainers.image.description="Website, archive and newsletter of the IKOE Ideenwerkstatt" \
    org.opencontainers.image.licenses="BSD-3-Clause" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"
USER 10001:10001
VOLUME /var/lib/ikoe
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "deploy/containers/healthy.py", "web"]
# Logs go to standard output, whoever writes them.
ENTRYPOINT ["tini", "--", "deploy/containers/run.sh"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "cms.wsgi"]

# What the queue `intake` uses besides: LibreOffice draws slides, OCRmyPDF and Tesseract read scanned pages.
FROM site AS intake
# hadolint ignore=DL3066
USER root
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libreoffice-impress-nogui ocrmypdf tesseract-ocr-deu \
    && rm -rf /var/lib/apt/lists/*
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "deploy/containers/healthy.py", "worker"]
CMD ["celery", "--quiet", "-A", "cms", "worker", "-Q", "intake", "-c", "1"]

FROM ${DEBIAN} AS proxy
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libnginx-mod-http-brotli-static nginx-light tini \
    && rm -rf /var/lib/apt/lists/* /etc/nginx/sites-enabled \
    && useradd --system --uid 10001 --user-group --home-dir /tmp --no-create-home ikoe \
    && install -d -o ikoe -g ikoe -m 750 \
        /var/lib/ikoe/archive /var/lib/ikoe/media /var/lib/ikoe-acme /var/lib/nginx /etc/nginx/tls
COPY deploy/nginx /etc/nginx/ikoe
COPY deploy/containers/nginx.sh /usr/local/bin/nginx.sh
RUN echo 'brotli_static on;' >/etc/nginx/ikoe/brotli.conf
COPY --from=site /app/static /srv/static
ARG VERSION=dev
LABEL org.opencontainers.image.title="IKOE nginx" \
    org.opencontainers.image.description="nginx with the configuration and the static files of the IKOE Ideenwerkstatt" \
    org.opencontainers.image.licenses="BSD-3-Clause" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"
USER 10001:10001
EXPOSE 8080 8443
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["nginx.sh", "--healthy"]
ENTRYPOINT ["tini", "--", "nginx.sh"]

# `docker build .` without a target makes this one.
FROM site
