"""Wagtail's user administration with the rules of the site (see `cms.user_admin`)."""

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    user_viewset = "cms.user_admin.UserViewSet"
