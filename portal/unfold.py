"""The admin's skin: colours, icons and the side bar (django-unfold)."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _


def _is_adding(request: HttpRequest) -> bool:
    return request.path == reverse("admin:signing_envelope_add")


def _is_keeping(request: HttpRequest) -> bool:
    return request.path.startswith((reverse("admin:signing_keeping"), reverse("admin:signing_privacy")))


def may_see_keeping(request: HttpRequest) -> bool:
    return any(request.user.has_perm(f"signing.{name}") for name in ("hold", "approve_purge", "privacy"))


UNFOLD = {
    "SITE_TITLE": _("Signing Portal"),
    "SITE_HEADER": _("Signing Portal"),
    "SITE_SYMBOL": "signature",
    "SITE_URL": None,
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "signing.admin.dashboard.dashboard",
    "STYLES": [lambda request: static("portal/admin.css")],
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("portal/favicon.svg")},
    ],
    "BORDER_RADIUS": "8px",
    "COLORS": {
        "primary": {
            "50": "oklch(97% .014 240)",
            "100": "oklch(94% .03 242)",
            "200": "oklch(88.5% .06 244)",
            "300": "oklch(80.5% .1 246)",
            "400": "oklch(70% .14 250)",
            "500": "oklch(60% .17 254)",
            "600": "oklch(51% .18 258)",
            "700": "oklch(45% .17 260)",
            "800": "oklch(39% .14 261)",
            "900": "oklch(34% .11 262)",
            "950": "oklch(26% .08 263)",
        },
    },
    "ACCOUNT": {
        "navigation": [
            {"title": _("Your Docusign identity"), "link": reverse_lazy("admin:signing_sendingidentity_mine")},
            {"title": _("Security"), "link": reverse_lazy("mfa_index")},
        ],
    },
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "items": [
                    {
                        "title": _("Dashboard"),
                        "icon": "dashboard",
                        "link": reverse_lazy("admin:index"),
                    },
                    {
                        "title": _("New envelope"),
                        "icon": "edit_document",
                        "link": reverse_lazy("admin:signing_envelope_add"),
                        "active": lambda request: _is_adding(request),
                        "permission": lambda request: request.user.has_perm("signing.add_envelope"),
                    },
                    {
                        "title": _("Envelopes"),
                        "icon": "inbox",
                        "link": reverse_lazy("admin:signing_envelope_changelist"),
                        "active": lambda request: (
                            request.path.startswith(reverse("admin:signing_envelope_changelist"))
                            and not _is_adding(request)
                            and not _is_keeping(request)
                        ),
                        "permission": lambda request: request.user.has_perm("signing.view_envelope"),
                    },
                    {
                        "title": _("Templates"),
                        "icon": "library_books",
                        "link": reverse_lazy("admin:signing_template_changelist"),
                        "active": lambda request: request.path.startswith(reverse("admin:signing_template_changelist")),
                        "permission": lambda request: request.user.has_perm("signing.view_template"),
                    },
                    {
                        "title": _("Forms"),
                        "icon": "qr_code_2",
                        "link": reverse_lazy("admin:signing_publicform_changelist"),
                        "permission": lambda request: request.user.has_perm("signing.view_publicform"),
                    },
                    {
                        "title": _("Bulk send"),
                        "icon": "forward_to_inbox",
                        "link": reverse_lazy("admin:signing_bulkbatch_changelist"),
                        "permission": lambda request: request.user.has_perm("signing.view_bulkbatch"),
                    },
                    {
                        "title": _("Outgoing mail"),
                        "icon": "outgoing_mail",
                        "link": reverse_lazy("admin:signing_outgoingmail_changelist"),
                        "permission": lambda request: request.user.has_perm("signing.view_outgoingmail"),
                    },
                    {
                        "title": _("Keeping and deleting"),
                        "icon": "auto_delete",
                        "link": reverse_lazy("admin:signing_keeping"),
                        "active": lambda request: _is_keeping(request),
                        "permission": lambda request: may_see_keeping(request),
                    },
                    {
                        "title": _("Evidence"),
                        "icon": "verified_user",
                        "link": reverse_lazy("admin:signing_envelopeevent_changelist"),
                        "permission": lambda request: request.user.has_perm("signing.view_evidence"),
                    },
                    {
                        "title": _("Connect messages"),
                        "icon": "sensors",
                        "link": reverse_lazy("admin:signing_connectmessage_changelist"),
                        "permission": lambda request: request.user.has_perm("signing.view_connectmessage"),
                    },
                    {
                        "title": _("Proof keys"),
                        "icon": "key_vertical",
                        "link": reverse_lazy("admin:signing_proofkey_changelist"),
                        "permission": lambda request: request.user.has_perm("signing.view_proofkey"),
                    },
                ],
            },
            {
                "title": _("Set-up"),
                "separator": True,
                "items": [
                    {
                        "title": _("Connect Docusign"),
                        "icon": "stethoscope",
                        "link": reverse_lazy("doctor:page"),
                        "permission": lambda request: request.user.has_perm("signing.manage_connection"),
                    },
                ],
            },
            {
                "title": _("People"),
                "separator": True,
                "items": [
                    {
                        "title": _("Staff"),
                        "icon": "person",
                        "link": reverse_lazy("admin:auth_user_changelist"),
                        "permission": lambda request: request.user.has_perm("auth.view_user"),
                    },
                    {
                        "title": _("Sending identities"),
                        "icon": "badge",
                        "link": reverse_lazy("admin:signing_sendingidentity_changelist"),
                        "active": lambda request: request.path == reverse("admin:signing_sendingidentity_changelist"),
                        "permission": lambda request: request.user.has_perm("signing.manage_connection"),
                    },
                    {
                        "title": _("Teams"),
                        "icon": "groups",
                        "link": reverse_lazy("admin:signing_team_changelist"),
                        "permission": lambda request: request.user.has_perm("signing.view_team"),
                    },
                    {
                        "title": _("Groups"),
                        "icon": "group",
                        "link": reverse_lazy("admin:auth_group_changelist"),
                        "permission": lambda request: request.user.has_perm("auth.view_group"),
                    },
                ],
            },
        ],
    },
}
