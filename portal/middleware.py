"""What every request passes through, in this order. Reads no environment."""

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.csp.ContentSecurityPolicy",
    "signing.views.languages.PageLanguage",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Closed by default: the signer's views and the health check open themselves with login_not_required.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "signing.login.sessions.SessionLimits",
    "signing.views.acting.KnownActor",
    "signing.views.looking.LookingOnly",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "signing.login.second_factor.SecondFactorRequired",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "signing.views.errors.DatabaseOutage",
    "axes.middleware.AxesMiddleware",
]
