# One image for all processes of the site: website, worker, beat and commands (see docker-compose.yml).

ARG PYTHON=python:3.11-slim-bookworm

# Installs exactly what uv.lock names, without the groups for demo, tests and development.
FROM ${PYTHON} AS build
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
WORKDIR /app
RUN pip install --no-cache-dir uv==0.13.9
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-cache --no-default-groups

FROM ${PYTHON}
# WeasyPrint loads these at run time. Versions are those of the Debian release: they get security fixes only.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends fontconfig libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /var/lib/ikoe --create-home ikoe
ENV PATH=/app/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 VAR_DIR=/var/lib/ikoe STATIC_ROOT=/app/static
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY manage.py gunicorn.conf.py ./
COPY locale locale
COPY templates templates
COPY home home
COPY archive archive
COPY newsletter newsletter
COPY cms cms
# The key lives only for this command.
RUN VAR_DIR=/tmp SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" python manage.py collectstatic --noinput --verbosity 0
USER 10001
VOLUME /var/lib/ikoe
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "cms.wsgi"]
