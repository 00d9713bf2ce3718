"""Everything goes wrong, and nothing is lost: `make chaos`.

Real processes (gunicorn, two Celery workers, beat, Redis, PostgreSQL, the sandbox with faults) send envelopes and let
people sign or decline them while workers are killed, Redis and PostgreSQL are restarted and every third call fails.
At the end both sides are compared, row by row and byte by byte. Bounded in count and in time.
"""
