"""For the security page: does whoever looks at it have to set up a second factor first?"""

from typing import Any

from django import template

from signing.login.second_factor import is_missing

register = template.Library()


@register.simple_tag(takes_context=True)
def second_factor_is_missing(context: dict[str, Any]) -> bool:
    return is_missing(context["request"])
