"""What the roles may do, and that making them again changes nothing."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from wagtail.images import get_image_model_string
from wagtail.models import GroupCollectionPermission, GroupPagePermission
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from cms.roles import ensure_roles
from home.editing.policies import document_policy
from home.models import ContentPage
from home.roles import Role
from tests.accounts_content import member

pytestmark = pytest.mark.django_db


def state():
    return (
        {group.name: set(group.permissions.values_list("pk", flat=True)) for group in Group.objects.all()},
        set(GroupPagePermission.objects.values_list("group__name", "page", "permission__codename")),
        set(GroupCollectionPermission.objects.values_list("group__name", "collection", "permission__codename")),
    )


def test_making_the_roles_again_changes_nothing(site):
    before = state()
    keys = set(GroupPagePermission.objects.values_list("pk", flat=True))

    ensure_roles()
    call_command("migrate", verbosity=0)

    assert state() == before
    assert set(GroupPagePermission.objects.values_list("pk", flat=True)) == keys
    assert set(before[0]) == set(Role.values)


def test_rights_taken_out_of_the_code_are_taken_away(site):
    editors = Group.objects.get(name=Role.EDITOR)
    before = state()
    foreign = Group.objects.get(name=Role.CHIEF_EDITOR).permissions.exclude(group=editors).first()
    editors.permissions.add(foreign)
    page_right = GroupPagePermission.objects.get(group__name=Role.CHIEF_EDITOR, permission__codename="publish_page")
    GroupPagePermission.objects.create(group=editors, page=page_right.page, permission=page_right.permission)

    ensure_roles()

    assert state() == before


@pytest.mark.parametrize(
    ("role", "writes", "publishes"),
    [
        (Role.EDITOR, True, False),
        (Role.CHIEF_EDITOR, True, True),
        (Role.ADMINISTRATION, True, True),
        (Role.COORDINATOR, False, False),
        (Role.STEERING_GROUP, False, False),
    ],
)
def test_who_writes_and_who_publishes(site, role, writes, publishes):
    page = site.root_page.add_child(instance=ContentPage(title="Projekt", slug="projekt"))

    user = member(role)

    rights = page.permissions_for_user(user)

    assert rights.can_edit() is writes
    assert rights.can_publish() is publishes
    assert site.root_page.permissions_for_user(user).can_add_subpage() is writes


def test_pages_are_submitted_to_the_chief_editors(site):
    page = site.root_page.add_child(instance=ContentPage(title="Projekt", slug="projekt", live=False))
    page.save_revision()
    workflow = page.get_workflow()

    state = workflow.start(page, member(Role.EDITOR))

    assert str(workflow) == "Freigabe durch die Chefredaktion"
    task = state.current_task_state.task.specific
    assert list(task.groups.values_list("name", flat=True)) == [Role.CHIEF_EDITOR]


@pytest.mark.parametrize("role", list(Role))
def test_only_the_administration_manages_accounts_and_subscribers(site, role):
    user = member(role)

    for right in ("cms.change_user", "newsletter.change_subscriber", "home.add_officemembership"):
        assert user.has_perm(right) is (role is Role.ADMINISTRATION)


@pytest.mark.parametrize("role", list(Role))
def test_only_staff_enters_the_admin_and_uploads(site, role):
    user = member(role)
    is_staff = role in (Role.EDITOR, Role.CHIEF_EDITOR, Role.ADMINISTRATION)

    assert user.has_perm("wagtailadmin.access_admin") is is_staff
    images = CollectionOwnershipPermissionPolicy(
        get_image_model_string(), auth_model="wagtailimages.Image", owner_field_name="uploaded_by_user"
    )

    assert document_policy().user_has_permission(user, "add") is is_staff
    assert images.user_has_permission(user, "add") is images.user_has_permission(user, "choose") is is_staff
    assert user.has_perm("newsletter.add_mailing") is (is_staff and role is not Role.EDITOR)
