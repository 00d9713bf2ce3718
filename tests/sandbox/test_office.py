"""Office formats, where LibreOffice is on the machine: another program plays it, by its command line."""

import base64
import sys
from collections.abc import Iterator

import pytest

from tests.pdf_files import draw_pdf, text_of
from tests.sandbox_process import SandboxProcess

from .api import Api

PLAYED = '''#!{python}
"""soffice -env:… --headless --convert-to pdf --outdir FOLDER FILE: the file's text, as a PDF; "broken" makes none."""
import pathlib, sys
folder, source = map(pathlib.Path, sys.argv[-2:])
assert "--headless" in sys.argv and sys.argv[sys.argv.index("--convert-to") + 1] == "pdf"
text = source.read_bytes()
if text != b"broken":
    source.with_suffix(".pdf").write_bytes(pathlib.Path({pdf!r}).read_bytes())
'''


@pytest.fixture(scope="module")
def office_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Of a sandbox on whose PATH there is a soffice."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "made.pdf").write_bytes(draw_pdf("By the office\n\n/sn1/\n\n/sn2/"))
    program = folder / "soffice"
    program.write_text(PLAYED.format(python=sys.executable, pdf=str(folder / "made.pdf")))
    program.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(folder), prepend=":")
        with SandboxProcess(folder) as process:
            yield Api(process)


def spreadsheet(content: bytes, extension: str = "xlsx") -> dict[str, str]:
    data = base64.b64encode(content).decode()
    return {"documentId": "1", "name": "Prices", "fileExtension": extension, "documentBase64": data}


def test_office_files_are_converted_by_the_office(office_api: Api) -> None:
    envelope_id = office_api.envelope(documents=[spreadsheet(b"any")])
    assert "By the office" in text_of(office_api.call("GET", f"/envelopes/{envelope_id}/documents/1").content)


def test_what_the_office_cannot_read_is_refused(office_api: Api) -> None:
    refused = office_api.create(documents=[spreadsheet(b"broken", "pptx")])
    assert refused.json()["errorCode"] == "UNABLE_TO_CONVERT_DOCUMENT"
