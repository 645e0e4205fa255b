# One image for every process: `docker run … python -m deploy.ops.run <service> <process>`.
FROM python:3.11-slim AS packages
COPY image.lock /build/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /build/image.lock

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home caretally \
    && mkdir -p /app /var/lib/caretally/objects \
    && chown caretally /var/lib/caretally/objects
COPY --from=packages /opt/venv /opt/venv
COPY libs /app/libs
COPY services /app/services
COPY deploy /app/deploy
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HEALTH_HOST=0.0.0.0 \
    HEALTH_PORT=8080 \
    PORTAL_HOST=0.0.0.0 \
    PORTAL_PORT=8000 \
    CARETALLY_OBJECTS=file:///var/lib/caretally/objects
USER caretally
VOLUME /var/lib/caretally/objects
ENTRYPOINT ["python", "-m", "deploy.ops.run"]
