"""The portal's processes for the benchmark: those of `tests.chaos`, without the trouble, each started when wanted."""

import os
import signal
import sys

from tests.chaos.stack import READY_SECONDS, Stack, wait_until

# Polling and its checks keep their own settings: it is those that are measured.
LEFT_TO_THE_SETTINGS = ("DOCUSIGN_POLL_SECONDS", "DOCUSIGN_POLL_RARELY_SECONDS", "DOCUSIGN_CHECK_SECONDS")
WORKER = "worker-1"


class BenchStack(Stack):
    """No beat: what is measured begins when we say so."""

    def launch(self) -> None:
        """PostgreSQL, Redis, the sandbox without limits, and gunicorn; no worker yet."""
        self.sandbox.reset()
        for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
            self.run("setup", [sys.executable, "manage.py", *command], env=self.env)
        address = self.portal_url.removeprefix("http://")
        gunicorn = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", address, "--workers", "2"]
        # Without it gunicorn's threads close the connections that its clients keep open.
        self.start("portal", [*gunicorn, "--threads", "8", "--keep-alive", "30"], env=self.env)
        wait_until(self._is_up, READY_SECONDS, "the portal did not come up", step=0.1)

    def start_worker(self) -> None:
        self._start_worker(WORKER)

    def stop_worker(self) -> None:
        """What it still has to do is left undone."""
        child = self._children.pop(WORKER)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def _environment(self) -> dict[str, str]:
        env = super()._environment()
        for name in LEFT_TO_THE_SETTINGS:
            env.pop(name)
        return env | {
            "CELERY_BROKER_URL": self.redis.url,  # set but empty, Celery would take whatever RabbitMQ runs here
            "DOCUSIGN_CONNECT": "off",
            "LOG_LEVEL": "ERROR",
            "SECRET_KEY": "bench-" + "x" * 50,
        }
