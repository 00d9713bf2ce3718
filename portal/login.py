"""Settings of the way in: passwords, second factors, sessions, lock-outs, single sign-on. Part of `portal.settings`."""

from datetime import timedelta

import environ
from django.core.exceptions import ImproperlyConfigured

from .environment import file_or_value, pairs, split_list

env = environ.Env()

WAY_IN_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
]

# --- django-allauth: the pages; which of them have an address stands in `signing.login.urls` --------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # refuses whoever is locked out, before a password is looked at
    "signing.login.backend.StaffBackend",
]
ACCOUNT_ADAPTER = "signing.login.account.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]  # nobody signs up; allauth asks all the same
ACCOUNT_SIGNUP_ENABLED = False
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are administrators' to enter
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True  # for as long as the limits below allow
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_FORMS = {
    "login": "signing.login.forms.LogInForm",
    "reset_password": "signing.login.forms.ForgottenPasswordForm",
}
PASSWORD_RESET_TIMEOUT = 2 * 3600
# Beside django-axes, which counts by name and address together: all tries for one name, from wherever they come.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,20/15m/key", "login": "30/m/ip", "reset_password": "10/m/ip,3/10m/key"}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": env.int("PASSWORD_MIN_LENGTH", 12)},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- Second factors -------------------------------------------------------------------------------

# Nobody, `all` staff, `superusers`, or the groups of these names.
MFA_REQUIRED = split_list(env.str("MFA_REQUIRED", ""))
MFA_ADAPTER = "signing.login.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {"authenticate": "signing.login.forms.CodeForm", "reauthenticate": "signing.login.forms.CodeAgainForm"}

# --- Sessions -------------------------------------------------------------------------------------

# 0 = no limit of this kind.
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", 480)
SESSION_MAX_HOURS = env.int("SESSION_MAX_HOURS", 168)
SESSION_COOKIE_AGE = (SESSION_MAX_HOURS or 24 * 365) * 3600
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"

# --- django-axes: lock-outs -----------------------------------------------------------------------

AXES_FAILURE_LIMIT = env.int("LOGIN_FAILURE_LIMIT", 5)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("LOGIN_LOCK_MINUTES", 15))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_HANDLER = "signing.login.lockout.Handler"
AXES_CLIENT_IP_CALLABLE = "signing.login.lockout.address"
AXES_USERNAME_CALLABLE = "signing.login.lockout.username"
AXES_LOCKOUT_CALLABLE = "signing.login.lockout.locked_out"
AXES_SENSITIVE_PARAMETERS = ["username", "login", "ip_address"]
AXES_DISABLE_ACCESS_LOG = True  # the portal keeps its own record
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

# --- Single sign-on by OpenID Connect; who may come in, and as what: `signing.login.single_sign_on` --

OIDC_ISSUER = env.str("OIDC_ISSUER", "").rstrip("/")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = file_or_value(env, "OIDC_CLIENT_SECRET").strip()
OIDC_NAME = env.str("OIDC_NAME", "single sign-on")
OIDC_SCOPES = env.str("OIDC_SCOPES", "openid profile email").split()
# Known users only, or also whoever the provider knows: they get an account at their first sign-in.
OIDC_CREATE_USERS = env.bool("OIDC_CREATE_USERS", False)
# Which claim names a person's groups, and which of them stand for which groups here.
OIDC_GROUPS_CLAIM = env.str("OIDC_GROUPS_CLAIM", "groups")
OIDC_GROUPS = pairs(env.str("OIDC_GROUPS", ""), "OIDC_GROUPS")
OIDC_STAFF_GROUPS = split_list(env.str("OIDC_STAFF_GROUPS", ""))
# Whose word counts that an address is somebody's: the claim `email_verified`, always, or for these domains.
OIDC_VERIFIED_EMAIL = split_list(env.str("OIDC_VERIFIED_EMAIL", "claim"))
OIDC_ONLY = env.bool("OIDC_ONLY", False)
if OIDC_ONLY and not OIDC_ISSUER:
    raise ImproperlyConfigured("OIDC_ONLY needs OIDC_ISSUER, or nobody could sign in.")
SOCIALACCOUNT_ADAPTER = "signing.login.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = "oidc"
