"""All addresses."""

from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from signing.views.health import healthz

admin.site.index_title = _("Dashboard")

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/docusign/", include("signing.admin.doctor")),
    path("", include("signing.login.urls")),  # before the admin: its log-in page is replaced
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("healthz", healthz),
    path("", include("signing.urls")),
]

handler400 = "signing.views.errors.bad_request"
handler403 = "signing.views.errors.forbidden"
handler404 = "signing.views.errors.not_found"
handler500 = "signing.views.errors.server_error"
