"""Rows read and written by statements that are made once.

Django composes each statement anew, which takes ten times as long as SQLite needs to carry it out; where every call
passes, that is most of the call. Elsewhere use Django's own.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

M = TypeVar("M", bound=models.Model)
PLAIN: dict[type, tuple[type, ...]] = {
    models.CharField: (str,),
    models.TextField: (str,),
    models.FloatField: (float,),
    models.PositiveIntegerField: (int,),
    models.BooleanField: (bool,),
    models.ForeignKey: (int,),
}
WRITTEN = "_written"  # of a model's instance: its values as the database has them


def find(model: type[M], where: str, *values: Any) -> M | None:
    """The first row that fits. `where` is SQL, written by us and never put together."""
    found = read(model, where, *values)
    return found[0] if found else None


def read(model: type[M], where: str, *values: Any) -> list[M]:
    """`where` may end with ORDER BY; the model's own order is not heeded."""
    database, table = _database(), _table(model)
    with database.cursor() as cursor:
        rows = cursor.execute(f"{table.select} WHERE {where}", values).fetchall()
    return [model.from_db(database.alias, table.names, table.converted(row, database)) for row in rows]


def exists(model: type[models.Model], where: str, *values: Any) -> bool:
    with _database().cursor() as cursor:
        return bool(cursor.execute(f"SELECT 1 FROM {_table(model).name} WHERE {where} LIMIT 1", values).fetchone())  # noqa: S608


def insert(instances: Sequence[models.Model]) -> None:
    """They have their keys then. Whatever they point to is written already."""
    if not instances:
        return
    database, table = _database(), _table(type(instances[0]))
    with database.cursor() as cursor:
        for instance in instances:
            values = [_prepared(instance, field, database, is_new=True) for field in table.fields]
            cursor.execute(table.insert, values)
            instance.pk = cursor.lastrowid
            instance._state.adding, instance._state.db = False, database.alias
            instance.__dict__[WRITTEN] = values


def save(instance: models.Model, *names: str) -> None:
    """The fields named; without names all, but of what `insert` has written only what has changed since, for SQLite
    renews every index on a column that it is given.
    """
    database, table = _database(), _table(type(instance))
    chosen = [(n, field) for n, field in enumerate(table.fields) if not names or field.name in names]
    values = {number: _prepared(instance, field, database, is_new=False) for number, field in chosen}
    written = instance.__dict__.get(WRITTEN)
    if written is not None:
        values = {number: value for number, value in values.items() if value != written[number]}
        for number, value in values.items():
            written[number] = value
    if values:
        with database.cursor() as cursor:
            cursor.execute(table.update(tuple(values)), [*values.values(), instance.pk])


def _database() -> BaseDatabaseWrapper:
    """This thread's own; Django's `connection` looks for it at every touch."""
    return connections[DEFAULT_DB_ALIAS]


def _prepared(instance: models.Model, field: Any, database: BaseDatabaseWrapper, *, is_new: bool) -> Any:
    """As SQLite is to have it. Texts, numbers and what is missing it takes as they are."""
    value = instance.__dict__.get(field.attname)
    if type(value) in PLAIN.get(type(field), ()) or (value is None and field.null):
        return value
    return field.get_db_prep_save(field.pre_save(instance, is_new), database)


class _Table:
    def __init__(self, model: type[models.Model]) -> None:
        database = _database()
        quote, key = database.ops.quote_name, model._meta.pk
        self.fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        self.columns = [quote(str(field.column)) for field in self.fields]
        self.name, self.key = quote(model._meta.db_table), quote(str(key.column))
        self.names = [field.attname for field in (key, *self.fields)]
        self.select = f"SELECT {', '.join([self.key, *self.columns])} FROM {self.name}"  # noqa: S608
        places = ", ".join(["%s"] * len(self.fields))
        self.insert = f"INSERT INTO {self.name} ({', '.join(self.columns)}) VALUES ({places})"  # noqa: S608
        self._updates: dict[tuple[int, ...], str] = {}
        compiler = model._default_manager.all().query.get_compiler(connection=database)
        columns = [field.get_col(model._meta.db_table) for field in (key, *self.fields)]
        converters = compiler.get_converters(columns).items()
        self._converters = [(number, convert, of) for number, (several, of) in converters for convert in several]

    def converted(self, row: Sequence[Any], database: BaseDatabaseWrapper) -> list[Any]:
        values = list(row)
        for number, convert, of in self._converters:
            values[number] = convert(values[number], of, database)
        return values

    def update(self, numbers: tuple[int, ...]) -> str:
        if numbers not in self._updates:
            changes = ", ".join(f"{self.columns[number]} = %s" for number in numbers)
            self._updates[numbers] = f"UPDATE {self.name} SET {changes} WHERE {self.key} = %s"  # noqa: S608
        return self._updates[numbers]


@cache
def _table(model: type[models.Model]) -> _Table:
    return _Table(model)
