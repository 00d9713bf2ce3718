"""Docusign JS, as clients load it: one classic script at /bundle.js (reference 3.5)."""

import json

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from sandbox.models import IntegrationKey

SOURCE = "sandbox/docusign.js"


@never_cache
@require_GET
def bundle(request: HttpRequest) -> HttpResponse:
    """The source, told which integration keys there are: asking for them later would need a `connect-src` of the host
    page, and Docusign asks hosts for `script-src` and `frame-src` only.
    """
    with open(str(finders.find(SOURCE)), encoding="utf-8") as file:
        source = file.read()
    keys = json.dumps(list(IntegrationKey.objects.values_list("guid", flat=True)))
    return HttpResponse(f"(() => {{\n{source}\ninstall({keys});\n}})();\n", content_type="text/javascript")
