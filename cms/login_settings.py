"""Settings of the login (allauth): accounts are made by invitation, a coordinator may log in with a code by mail."""

from cms import environment

AUTH_USER_MODEL = "cms.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "cms.accounts.login.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # Mail servers that greylist take longer than allauth's three minutes.
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # A changed password or second factor is told to the owner.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "IKOE: "
# Guesses and mails are counted in the database by account and network (`cms.accounts.limits`). What is left to allauth
# counts requests of one network in the cache: a guard against load, which may fail open.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "request_login_code": "20/m/ip", "reset_password": "20/m/ip"}
ACCOUNT_FORMS = {"change_password": "cms.accounts.login_forms.ChangePasswordForm"}
MFA_FORMS = {
    "authenticate": "cms.accounts.login_forms.AuthenticateForm",
    "reauthenticate": "cms.accounts.login_forms.ReauthenticateForm",
    "login_webauthn": "cms.accounts.login_forms.LoginWebAuthnForm",
    "authenticate_webauthn": "cms.accounts.login_forms.AuthenticateWebAuthnForm",
    "reauthenticate_webauthn": "cms.accounts.login_forms.ReauthenticateWebAuthnForm",
    "add_webauthn": "cms.accounts.login_forms.AddWebAuthnForm",
}
STAFF_MFA = environment.choice("STAFF_MFA", default="required", allowed=("required", "optional"))
MFA_ADAPTER = "cms.accounts.login.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "IKOE"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = environment.boolean("DEBUG")
