"""Docusign's ids are GUIDs in lower case."""

import uuid


def new_guid() -> str:
    return str(uuid.uuid4())
