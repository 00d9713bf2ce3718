"""How long envelopes of a template are kept: its own rule, or the site's."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from signing.events import record_portal
from signing.forms.keeping import RuleForm
from signing.models import PortalKind, RetentionRule, Template
from signing.privacy.rules import Rule, rule_of_template


def rule_for(template: Template) -> Rule:
    return rule_of_template(template.pk)


def rule_form(template: Template) -> RuleForm:
    row = RetentionRule.objects.filter(template=template).first()
    return RuleForm(instance=row, initial={"own": row is not None})


def set_rule(request: HttpRequest, template: Template) -> HttpResponse:
    """It counts at once, for envelopes finished long ago as well: the page of what is due shows them before they go."""
    if not request.user.has_perm("signing.privacy"):
        raise PermissionDenied
    row = RetentionRule.objects.filter(template=template).first() or RetentionRule(template=template)
    form = RuleForm(request.POST, instance=row)
    if not form.is_valid():
        messages.error(request, _("A number of days from 1 to 36500, please, or nothing for “for ever”."))
    elif not form.cleaned_data["own"]:
        RetentionRule.objects.filter(template=template).delete()
        _record(template, None)
        messages.success(request, _("The site's rule holds for this template."))
    else:
        _record(template, form.save())
        messages.success(request, _("The rule is saved. What is due by it goes within the hour, unless it is on hold."))
    return redirect("admin:signing_template_change", template.pk)


def _record(template: Template, rule: RetentionRule | None) -> None:
    facts = {"days": rule.days, "scope": rule.scope, "purge": rule.purge_state} if rule else {"rule": "site"}
    record_portal(PortalKind.CHANGED, facts, about=f"template:{template.pk}", what="retention", name=template.name)
