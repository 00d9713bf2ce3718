"""The organisation's logo and colour, for pages and mails. Nothing secret, the same for everyone, and no cookie."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from signing.branding import LOGO_TYPES, brand, logo_path

# A stylesheet and no inline style: the signer's pages allow none.
COLOURS = """\
:root {{ --accent: {light}; --accent-strong: color-mix(in srgb, {light} 82%, black); --on-accent: #ffffff;
  --ask: color-mix(in srgb, {light} 12%, white); }}
@media (prefers-color-scheme: dark) {{
  :root {{ --accent: {dark}; --accent-strong: color-mix(in srgb, {dark} 78%, white); --on-accent: #0d1b33;
    --ask: color-mix(in srgb, {dark} 18%, #1a2230); }}
}}
"""


@login_not_required
@require_safe
@cache_control(public=True, max_age=86_400)
def logo(request: HttpRequest) -> FileResponse:
    path = logo_path()
    if path is None:
        raise Http404
    response = FileResponse(path.open("rb"), content_type=LOGO_TYPES[path.suffix.lower()])
    # Opened by itself, an SVG is a page: it may run nothing.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def colours(request: HttpRequest) -> HttpResponse:
    shown = brand()
    return HttpResponse(COLOURS.format(light=shown.colour, dark=shown.colour_in_dark), content_type="text/css")
