"""Wagtail's user administration with the rules of the site (see `cms.accounts.user_admin`)."""

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    user_viewset = "cms.accounts.user_admin.UserViewSet"
