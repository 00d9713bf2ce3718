"""Limits and switches, until the next reset; and the reset."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from sandbox import restart, switches
from sandbox.limits import limits

from .pages import back
from .pages import show as show_page

MOST = 10**9


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    problem = ""
    if request.method == "POST":
        try:
            _change(request)
        except ValueError as error:
            problem = str(error)
        else:
            return back(request, "settings")
    current, defaults = switches.current(), switches.DEFAULTS
    context = {
        "limits": limits.current(),
        "flags": [(name, value) for name, value in current.items() if isinstance(defaults[name], bool)],
        "numbers": [(name, value) for name, value in current.items() if not isinstance(defaults[name], bool)],
        "changed": {name for name, value in current.items() if value != defaults[name]},
        "problem": problem,
    }
    return show_page(request, "settings.html", "settings", context, status=400 if problem else 200)


@require_POST
def reset(request: HttpRequest) -> HttpResponse:
    restart.reset()
    return back(request, "settings")


def _change(request: HttpRequest) -> None:
    """Raises ValueError."""
    form = request.POST
    if form.get("deed") == "limits":
        limits.set(**{name: int(_number(form.get(name, ""), name)) for name in limits.current()})
        return
    flags = {name: name in form for name, value in switches.DEFAULTS.items() if isinstance(value, bool)}
    numbers = {name: _number(form.get(name, ""), name) for name in switches.DEFAULTS if name not in flags}
    switches.change(flags | numbers)


def _number(text: str, name: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number <= MOST:
        raise ValueError(f"{name} must be a number of at least 0")
    return int(number) if number == int(number) else number
