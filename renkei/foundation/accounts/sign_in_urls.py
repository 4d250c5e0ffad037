"""The pages of allauth that we offer, without sign-up: accounts come by invitation.

These names carry no namespace because allauth itself looks them up by their bare names.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.socialaccount import views as provider
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    # The municipality's own provider; without a setting these pages are not found.
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("provider/cancelled/", provider.login_cancelled, name="socialaccount_login_cancelled"),
    path("provider/error/", provider.login_error, name="socialaccount_login_error"),
    # allauth links to these names; the pages themselves do not exist here.
    path("signup/", RedirectView.as_view(pattern_name="account_login"), name="account_signup"),
    path(
        "provider/signup/",
        RedirectView.as_view(pattern_name="account_login"),
        name="socialaccount_signup",
    ),
    path(
        "provider/connections/",
        RedirectView.as_view(pattern_name="accounts:home"),
        name="socialaccount_connections",
    ),
    path("email/", RedirectView.as_view(pattern_name="accounts:home"), name="account_email"),
]
