"""Imports every module of this package, so that each registers its operations."""

import importlib
import pkgutil

from . import __path__ as package_path
from . import registry


def load_all() -> None:
    for module in pkgutil.iter_modules(package_path):
        importlib.import_module(f"{__package__}.{module.name}")


def described() -> list[dict[str, str]]:
    """What there is and how true it is, by path: for documentation and for tests."""
    load_all()
    rows = [{"method": o.method, "path": o.path, "state": o.state, "note": o.note} for o in registry.operations()]
    return sorted(rows, key=lambda row: (row["path"], row["method"]))
