"""Every page that someone without an account may see, by the state that shows it."""

# name of the picture → state, tail of the address, heading
PAGES = {
    "ready": ("ready", "", "Dana Field asks you to sign"),
    "ready-code": ("ready-code", "", "Dana Field asks you to sign"),
    "waiting": ("waiting", "", "It is not your turn yet"),
    "signed": ("signed", "", "Thank you, you have signed"),
    "signed-hand-over": ("signed-hand-over", "", "Thank you, you have signed"),
    "hand-over": ("hand-over", "", "Please hand the device to Carl Dee"),
    "completed": ("completed", "", "Everyone has signed"),
    "declined": ("declined", "", "You have declined to sign"),
    "completed-copy": ("completed", "copy/", "Look into your mailbox"),
    "voided": ("voided", "", "Dana Field has withdrawn the request"),
    "run-out": ("run-out", "", "The time to sign is over"),
    "preparing": ("preparing", "", "The documents are being prepared"),
    "expired": ("expired", "", "This link has expired"),
    "replaced": ("replaced", "", "A newer link has replaced this one"),
    "fresh-link": ("fresh-link", "", "Look into your mailbox"),
    "revoked": ("revoked", "", "This link was withdrawn"),
    "delegated": ("delegated", "", "Dora Fry signs in your place"),
    "opened": ("opened", "", "You have these documents open already"),
    "reader": ("reader", "", "Dana Field asks you to read these documents"),
    "viewed": ("viewed", "", "Thank you for reading"),
    "copy": ("copy", "", "You get a copy of these documents"),
    "hosted": ("hosted", "", "Dana Field asks you to have Ann Bee sign on your device"),
    "code": ("code", "", "Enter the code from your email"),
    "code-none": ("code-none", "", "First, a code to your mailbox"),
    "outcome-signed": ("outcome", "?event=signing_complete", "Thank you, you have signed"),
    "outcome-cancel": ("outcome", "?event=cancel", "Saved for later"),
    "outcome-timeout": ("outcome", "?event=session_timeout", "Signing was paused"),
    "outcome-exception": ("outcome", "?event=exception", "Something went wrong while signing"),
    "verify": ("verify", "", "Is this document intact?"),
    "proof": ("proof", "", "Everyone has signed"),
    "unknown": ("unknown", "", "This link does not lead anywhere"),
}

# The pages of a self-service form: state → heading
FORM_PAGES = {
    "form": "Welcome",
    "form-embed": "Welcome",
    "form-with-code": "Welcome",
    "form-arabic": "Welcome",
    "form-closed": "Welcome",
    "form-early": "Welcome",
    "form-code": "Enter the code from your email",
    "form-mailed": "Look into your mailbox",
    "form-on-its-way": "The documents are being prepared",
}
