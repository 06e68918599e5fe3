"""Objects with what belongs to them in one query, where `prefetch_related` takes two: for what stands on every page."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import FilteredRelation, Model, Q, QuerySet

ModelT = TypeVar("ModelT", bound=Model)


def with_many(
    objects: QuerySet[ModelT], relation: str, *along: str, where: Q | None = None, order: tuple[str, ...] = ("pk",)
) -> list[tuple[ModelT, list[Any]]]:
    """Each of `objects`, in their order, with those that its to-many `relation` leads to.

    `along` names foreign keys of the related objects that are read too, `order` sorts them, `where` chooses some of
    them (as in `FilteredRelation`). Each row of the answer repeats the object, so this is for short lists.
    """
    condition = {"condition": where} if where is not None else {}
    ordering: list[Any] = [*(objects.query.order_by or objects.model._meta.ordering or ()), "pk"]
    rows = (
        objects.annotate(joined=FilteredRelation(relation, **condition))
        .select_related("joined", *(f"joined__{name}" for name in along))
        .order_by(*ordering, *(f"joined__{name}" for name in order))
    )
    found: dict[Any, tuple[ModelT, list[Any]]] = {}
    for row in rows:
        _object, many = found.setdefault(row.pk, (row, []))
        # Django leaves out the attribute of a join that found nothing.
        if hasattr(row, "joined"):
            many.append(row.joined)
    return list(found.values())
