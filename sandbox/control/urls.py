"""Addresses below /_sandbox/."""

from django.urls import path

from . import connect, records, state, trouble

urlpatterns = [
    path("health", state.health),
    path("reset", state.reset),
    path("clock", state.move_clock),
    path("seed", state.seed),
    path("consent", state.consent),
    path("limits", state.set_limits),
    path("settings", state.change_settings),
    path("requests", records.requests),
    path("recording", records.recording),
    path("mails", records.mails),
    path("bounces", trouble.bounced),
    path("faults", trouble.faults),
    path("faults/<str:guid>", trouble.one_fault),
    path("deliver", connect.deliver),
    path("deliveries", connect.deliveries),
    path("deliveries/<str:guid>/replay", connect.replay),
    path("connect/secret", connect.add_secret),
]
