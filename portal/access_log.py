"""gunicorn's log, with secrets cut out of paths and referers: for `--logger-class portal.access_log.MaskedLogger`.

The image writes no access log. Whoever turns it on (`--access-logfile -`) gets this one.
"""

from typing import Any

from gunicorn.glogging import Logger

from .logs import Masked, mask


class MaskedLogger(Logger):
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log, form in ((self.error_log, self.error_fmt), (self.access_log, self.access_fmt)):
            for handler in log.handlers:
                handler.setFormatter(Masked(form, self.datefmt))

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """No address of a reader either: whose it is stands on the timeline, where it can be erased."""
        atoms = super().atoms(resp, req, environ, request_time)
        return {name: mask(value) if isinstance(value, str) else value for name, value in atoms.items()} | {"h": "-"}
