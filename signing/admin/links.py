"""Staff's hand on a signer's link: send another, take it back. No staff page ever shows one."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from signing import linking, tasks
from signing.models import Recipient


def change_link(request: HttpRequest, recipient: Recipient) -> None:
    """Does what the pressed button says, and says so."""
    name = {"name": recipient.name}
    if recipient.link_digest is None or not recipient.is_embedded:
        messages.warning(request, _("%(name)s has no link of ours.") % name)
    elif "revoke" in request.POST:
        linking.revoke(recipient)
        messages.success(request, _("The link of %(name)s opens nothing any more, until you send another.") % name)
    else:
        linking.replace(recipient)
        tasks.follow_up(recipient.envelope_id)
        messages.success(request, _("A new link is on its way to %(name)s. The old one opens nothing any more.") % name)
