# One image, three commands: web (default), worker, beat. The sandbox and the demo are not in it.
FROM python:3.12-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    STATIC_ROOT=/app/static-collected

WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir -r requirements.lock

COPY manage.py ./
COPY portal portal
COPY signing signing
COPY templates templates
COPY static static
COPY locale locale

RUN useradd --system --uid 10001 portal \
    && mkdir /data \
    && SECRET_KEY=only-for-collectstatic DATA_DIR=/tmp/build python manage.py collectstatic --noinput -v0 \
    && chown -R portal /data
USER portal
VOLUME /data
EXPOSE 8000

# No access log: signer links are secrets, and an access log would keep them.
CMD ["gunicorn", "portal.wsgi", "--logger-class", "portal.access_log.MaskedLogger", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "8"]
# worker:  celery -A portal worker                (both queues; only one of them: -Q signing, -Q bulk)
# beat:    celery -A portal beat
# set-up:  python manage.py migrate && python manage.py createcachetable && python manage.py createsuperuser
