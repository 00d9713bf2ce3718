"""The Content-Security-Policy of our own pages: nothing of other hosts, nothing inline, in nobody's frame."""

from collections.abc import Iterable


def policy(
    *, scripts: Iterable[str] = (), frames: Iterable[str] = (), forms: Iterable[str] = (), ancestors: str = "'none'"
) -> str:
    """The header's value. `scripts`, `frames` and `forms` are origins beside our own, the last for redirects, too."""
    directives = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *scripts],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": list(frames) or ["'none'"],
        "form-action": ["'self'", *forms],
        "base-uri": ["'none'"],
        "frame-ancestors": [ancestors],
    }
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())
