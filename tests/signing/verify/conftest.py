"""An envelope that everyone has signed, with its documents."""

import pytest
from django.contrib.auth.models import User

from signing import tasks
from signing.models import Envelope
from tests.deeds import send, sign
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def completed(docusign: SandboxProcess, staff: User) -> Envelope:
    envelope = send()
    sign(envelope, 1)
    sign(envelope, 2)
    tasks.fetch_documents(envelope.pk)
    envelope.refresh_from_db()
    return envelope
