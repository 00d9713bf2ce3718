"""The verifier of proof bundles as one file, which runs wherever Python and `cryptography` are."""

import io
import zipfile
from functools import cache
from pathlib import Path

HOME = Path(__file__).resolve().parent
START = "import sys\n\nfrom signing.verify.__main__ import main\n\nsys.exit(main())\n"


@cache
def as_one_file() -> bytes:
    """A zip that Python runs (PEP 441). The same bytes for the same source, so that its hash can be compared."""
    buffer = io.BytesIO()
    sources = {"__main__.py": START, "signing/__init__.py": (HOME / "__init__.py").read_text()}
    sources |= {f"signing/verify/{path.name}": path.read_text() for path in sorted((HOME / "verify").glob("*.py"))}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sources.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
