"""Every address of the admin: about what it is, and what one must be able to do to look there, and to post there.

A new address that is not entered here fails `tests/signing/admin/test_every_door.py`.
"""

from typing import NamedTuple

# What somebody does. EVERYONE: any staff. NOBODY: refused to all roles. NOT_SO: the address does not take the method.
EVERYONE, NOBODY, NOT_SO = "everyone", "nobody", "not so"
LOOK, TAKE_OUT, SEND, SEE_MAILS, MEND_MAILS, PREPARE = "look", "take out", "send", "see mails", "mend mails", "prepare"
INSPECT, KEEP, CONNECT, RUN, SEE_KEEPING = "inspect", "keep", "connect", "run", "see keeping"

DOES = {
    "Viewer": {LOOK, TAKE_OUT},
    "Sender": {LOOK, TAKE_OUT, SEND, SEE_MAILS, MEND_MAILS},
    "Template manager": {LOOK, TAKE_OUT, SEND, SEE_MAILS, MEND_MAILS, PREPARE},
    "Auditor": {LOOK, SEE_MAILS, INSPECT, SEE_KEEPING},
    "Administrator": {
        LOOK, TAKE_OUT, SEND, SEE_MAILS, MEND_MAILS, PREPARE, INSPECT, KEEP, CONNECT, RUN, SEE_KEEPING,
    },
}  # fmt: skip
SEES_ALL = {"Auditor", "Administrator"}


class Door(NamedTuple):
    """`about`: what must be within reach; "" = nothing in particular, "errand" = one's own alone."""

    about: str
    get: str
    post: str


def _of_model(name: str, *, look: str, change: str, add: str, delete: str, about: str | None = None) -> dict[str, Door]:
    """Django's own five. A list or a history takes a POST as a GET: it changes nothing."""
    about = name if about is None else about
    return {
        f"{name}_changelist": Door("", look, look),
        f"{name}_add": Door("", add, add),
        f"{name}_change": Door(about, look, change),
        f"{name}_delete": Door(about, delete, delete),
        f"{name}_history": Door(about, look, look),
    }


def _posts(about: str, does: str, *names: str) -> dict[str, Door]:
    return {name: Door(about, NOT_SO, does) for name in names}


def _pages(about: str, does: str, *names: str) -> dict[str, Door]:
    """Pages that only show: a POST is answered as a GET is."""
    return {name: Door(about, does, does) for name in names}


OWN_ACCOUNT = {"login", "account_login", "logout", "password_change", "password_change_done"}
DJANGOS = {"jsi18n", "autocomplete", "view_on_site", "app_list", "search"}

DOORS = {
    "index": Door("", EVERYONE, EVERYONE),
    **{
        f"signing_{name}": door
        for name, door in {
            # Envelopes
            **_of_model("envelope", look=LOOK, change=SEND, add=SEND, delete=SEND, about="draft"),
            "envelope_people": Door("", LOOK, LOOK),
            "envelope_review": Door("draft", SEND, SEND),
            "envelope_picture": Door("draft", LOOK, LOOK),
            "envelope_fields": Door("draft", SEND, NOT_SO),
            "envelope_fields_state": Door("draft", SEND, NOT_SO),
            "envelope_fields_anchor": Door("draft", SEND, NOT_SO),
            "envelope_fields_offers": Door("draft", SEND, NOT_SO),
            "envelope_page_image": Door("draft", LOOK, NOT_SO),
            **_posts("draft", SEND, "envelope_schedule", "envelope_unschedule"),
            **_pages("sent", LOOK, "envelope_document", "envelope_completed", "envelope_zip"),
            **_posts("sent", SEND, "envelope_take_back", "envelope_link", "envelope_correct", "envelope_remind"),
            **_posts("sent", SEND, "envelope_owner", "envelope_team", "envelope_values", "envelope_duplicate"),
            **_posts("sent", SEND, "envelope_repair", "envelope_purge"),
            "envelope_proof": Door("ended", LOOK, LOOK),
            "envelope_hold": Door("sent", NOT_SO, KEEP),
            "envelope_reveal": Door("sent", NOT_SO, NOBODY),  # in no role: given to a person by name
            "envelope_void": Door("sent", SEND, SEND),
            "envelope_save_as_template": Door("sent", PREPARE, PREPARE),
            "envelope_many": Door("", NOT_SO, TAKE_OUT),
            "envelope_save_view": Door("", NOT_SO, TAKE_OUT),
            **_pages("errand", LOOK, "envelope_errand", "envelope_errand_state", "envelope_errand_file"),
            "envelope_errand_cancel": Door("errand", NOT_SO, LOOK),
            # How long things are kept
            "keeping": Door("", SEE_KEEPING, SEE_KEEPING),
            "purges": Door("", NOT_SO, KEEP),
            **_pages("", KEEP, "privacy", "erasure", "erasure_json"),
            **_posts("", KEEP, "privacy_export", "privacy_erase"),
            # Templates
            **_of_model("template", look=LOOK, change=PREPARE, add=PREPARE, delete=NOBODY),
            **_posts("template", PREPARE, "template_edit", "template_publish", "template_discard"),
            **_posts("template", PREPARE, "template_duplicate", "template_archive", "template_restore"),
            **_posts("template", PREPARE, "template_take_up"),
            "template_retention": Door("template", NOT_SO, KEEP),
            "template_try": Door("template", NOT_SO, SEND),
            "template_use": Door("template", SEND, SEND),
            "template_of": Door("content", LOOK, LOOK),
            "template_docusign": Door("", LOOK, LOOK),
            "template_docusign_use": Door("", SEND, SEND),
            "template_docusign_draft": Door("docusign draft", SEND, SEND),
            # Forms
            **_of_model("publicform", look=LOOK, change=PREPARE, add=PREPARE, delete=PREPARE),
            "publicform_qr": Door("publicform", LOOK, LOOK),
            # Bulk send
            **_of_model("bulkbatch", look=LOOK, change=LOOK, add=SEND, delete=NOBODY),
            **_pages("bulkbatch", LOOK, "bulkbatch_live", "bulkbatch_bad_csv", "bulkbatch_result_csv"),
            "bulkbatch_result_xlsx": Door("bulkbatch", LOOK, LOOK),
            "bulkbatch_columns": Door("bulkbatch", SEND, SEND),
            **_posts("bulkbatch", SEND, "bulkbatch_file", "bulkbatch_encoding", "bulkbatch_row", "bulkbatch_start"),
            **_posts("bulkbatch", SEND, "bulkbatch_pause", "bulkbatch_cancel", "bulkbatch_retry", "bulkbatch_discard"),
            # What came and went
            **_of_model("outgoingmail", look=SEE_MAILS, change=SEE_MAILS, add=NOBODY, delete=NOBODY),
            "outgoingmail_send_again": Door("outgoingmail", NOT_SO, MEND_MAILS),
            **_of_model("connectmessage", look=INSPECT, change=INSPECT, add=NOBODY, delete=NOBODY),
            "connectmessage_apply_again": Door("connectmessage", NOT_SO, RUN),
            # In whose name is sent
            **_of_model("sendingidentity", look=CONNECT, change=NOBODY, add=NOBODY, delete=NOBODY, about=""),
            "sendingidentity_mine": Door("", EVERYONE, NOT_SO),
            **_posts("", EVERYONE, "sendingidentity_connect", "sendingidentity_check", "sendingidentity_disconnect"),
            **_of_model("envelopeevent", look=INSPECT, change=NOBODY, add=NOBODY, delete=NOBODY, about=""),
            **_of_model("proofkey", look=INSPECT, change=NOBODY, add=NOBODY, delete=NOBODY, about=""),
            **_of_model("team", look=INSPECT, change=RUN, add=RUN, delete=RUN, about=""),
        }.items()
    },
    "doctor:page": Door("", CONNECT, NOT_SO),
    "doctor:consent": Door("", CONNECT, NOT_SO),
    "doctor:group": Door("", NOT_SO, CONNECT),
    "doctor:test_mail": Door("", NOT_SO, CONNECT),
    **{
        f"auth_{name}": door
        for name, door in {
            **_of_model("user", look=INSPECT, change=RUN, add=RUN, delete=NOBODY, about=""),
            "user_password_change": Door("", RUN, RUN),
            "user_hand_over": Door("", RUN, RUN),
            **_of_model("group", look=INSPECT, change=NOBODY, add=NOBODY, delete=NOBODY, about=""),
        }.items()
    },
}
