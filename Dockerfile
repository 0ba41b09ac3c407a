# One image for web, worker, beat and migrations. Assets are built in; it runs as an ordinary user.
FROM python:3.13-slim-bookworm AS base
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
ENV PYTHONUNBUFFERED=1 PATH="/srv/portal/.venv/bin:$PATH" DATA_DIR=/var/lib/ips-portal STATIC_ROOT=/srv/portal/.static
WORKDIR /srv/portal

FROM base AS built
RUN pip install --no-cache-dir uv==0.13.9
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen
COPY . .
# The settings are only read here, no server is asked.
RUN export SECRET_KEY=build BASE_URL=http://localhost DATABASE_URL=postgres://build@/build REDIS_URL=unix:///build \
    && python manage.py assets \
    && python manage.py collectstatic --no-input --verbosity 0

FROM base
COPY --from=built /srv/portal /srv/portal
RUN useradd --system --home-dir /var/lib/ips-portal --create-home portal
USER portal
VOLUME /var/lib/ips-portal
EXPOSE 8000
CMD ["gunicorn", "ips_portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--max-requests", "2000"]
