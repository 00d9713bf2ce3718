"""Rows read and written by statements that are made once.

Django composes each statement anew, which takes ten times as long as SQLite needs to carry it out; where every call
passes, that is most of the call. Elsewhere use Django's own.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)
WRITTEN = "_written"  # of a model's instance: its values as the database has them


def find(model: type[M], where: str, *values: Any) -> M | None:
    """The first row that fits. `where` is SQL, written by us and never put together."""
    found = read(model, where, *values)
    return found[0] if found else None


def read(model: type[M], where: str, *values: Any) -> list[M]:
    """`where` may end with ORDER BY; the model's own order is not heeded."""
    table = _table(model)
    with connection.cursor() as cursor:
        rows = cursor.execute(f"{table.select} WHERE {where}", values).fetchall()
    return [model.from_db(connection.alias, table.names, table.converted(row)) for row in rows]


def insert(instances: Sequence[M]) -> None:
    """They have their keys then. Whatever they point to is written already."""
    if not instances:
        return
    table = _table(type(instances[0]))
    with connection.cursor() as cursor:
        for instance in instances:
            values = table.values(instance, is_new=True)
            cursor.execute(table.insert, values)
            instance.pk = cursor.lastrowid
            instance._state.adding, instance._state.db = False, connection.alias
            instance.__dict__[WRITTEN] = values


def save(instance: models.Model, *names: str) -> None:
    """What has changed since `insert`, for SQLite renews every index on a column that it is given. Other instances are
    saved by Django: of them only the fields named, if any are.
    """
    written = instance.__dict__.get(WRITTEN)
    if written is None:
        instance.save(update_fields=names or None)
        return
    table = _table(type(instance))
    values = table.values(instance, is_new=False)
    changed = tuple(number for number, value in enumerate(values) if value != written[number])
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(table.update(changed), [*(values[number] for number in changed), instance.pk])
    instance.__dict__[WRITTEN] = values


class _Table:
    def __init__(self, model: type[models.Model]) -> None:
        quote = connection.ops.quote_name
        fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        key = model._meta.pk
        self.fields = fields
        self.columns = [quote(str(field.column)) for field in fields]
        self.name, self.key = quote(model._meta.db_table), quote(str(key.column))
        self.names = [field.attname for field in (key, *fields)]
        self.select = f"SELECT {', '.join([self.key, *self.columns])} FROM {self.name}"  # noqa: S608
        places = ", ".join(["%s"] * len(fields))
        self.insert = f"INSERT INTO {self.name} ({', '.join(self.columns)}) VALUES ({places})"  # noqa: S608
        self._updates: dict[tuple[int, ...], str] = {}
        compiler = model._default_manager.all().query.get_compiler(connection=connection)
        converters = compiler.get_converters([field.get_col(model._meta.db_table) for field in (key, *fields)])
        self._converters = [(number, convert, of) for number, (several, of) in converters.items() for convert in several]

    def values(self, instance: models.Model, *, is_new: bool) -> list[Any]:
        return [field.get_db_prep_save(field.pre_save(instance, is_new), connection) for field in self.fields]

    def converted(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for number, convert, of in self._converters:
            values[number] = convert(values[number], of, connection)
        return values

    def update(self, numbers: tuple[int, ...]) -> str:
        if numbers not in self._updates:
            changes = ", ".join(f"{self.columns[number]} = %s" for number in numbers)
            self._updates[numbers] = f"UPDATE {self.name} SET {changes} WHERE {self.key} = %s"  # noqa: S608
        return self._updates[numbers]


@cache
def _table(model: type[models.Model]) -> _Table:
    return _Table(model)
