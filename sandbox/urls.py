"""All addresses of the sandbox: OAuth, REST, ceremony, Docusign JS, console, control door."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from . import oauth, preparing
from .console import start
from .powerforms import pages as powerform
from .rest import operations
from .rest.door import serve

operations.load_all()

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start.page),
    path("oauth/token", oauth.token),
    path("oauth/userinfo", oauth.userinfo),
    path("oauth/auth", oauth.authorize, name="authorize"),
    path("logout", oauth.logout),
    path("oauth/logout", oauth.logout),
    path(".well-known/openid-configuration", oauth.discovery),
    re_path(r"^restapi(?P<path>(/.*)?)$", serve),
    path("Member/PowerFormSigning.aspx", powerform.show, name="powerform"),
    path("Signing/staff/<str:guid>/<str:purpose>", preparing.page, name="staff-view"),
    path("", include("sandbox.ceremony.urls")),
]
if settings.CONTROL_DOOR:
    urlpatterns += [
        path("_sandbox/", include("sandbox.control.urls")),
        path("console/", include("sandbox.console.urls")),
    ]
