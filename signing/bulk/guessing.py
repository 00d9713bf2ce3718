"""Which column fills what: guessed by the names of the columns, and by what stands in them."""

from collections.abc import Mapping, Sequence

from .targets import Part, Target

NAMES = frozenset(
    "name fullname names signer signername recipient recipientname person employee customer client contact tenant "
    "nombre nom nome naam имя имяфамилия الاسم 名前 氏名 姓名".split()
)
FIRST_NAMES = frozenset("firstname first givenname forename vorname prenom nombre nome voornaam imie имя 名".split())
LAST_NAMES = frozenset(
    "lastname last surname familyname nachname nomdefamille apellido apellidos cognome sobrenome achternaam nazwisko "
    "фамилия 姓".split()
)
EMAILS = frozenset(
    "email mail emailaddress mailaddress emails emailadresse mailadresse adressemail courriel correo "
    "correoelectronico posta indirizzoemail emailadres адресэлпочты почта メール メールアドレス 电子邮件 邮箱".split()
)


def guess(targets: Sequence[Target], headers: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, list[int]]:
    """Columns by target key; targets without a likely column are left out. `rows` are the first few of the sheet."""
    columns = [_plain(header) for header in headers]
    people = [target for target in targets if target.part == Part.NAME]
    found: dict[str, list[int]] = {}
    for target in targets:
        if target.part in (Part.TAB, Part.MERGE):
            chosen = _by_name(columns, _names_of_value(target))
        elif target.part in (Part.NAME, Part.EMAIL):
            chosen = _of_person(target, columns, is_alone=len(people) == 1)
        else:
            chosen = []
        if chosen:
            found[target.key] = chosen
    return found | _emails_by_content(targets, found, rows, len(headers))


def _of_person(target: Target, columns: Sequence[str], *, is_alone: bool) -> list[int]:
    role = _plain(target.role)
    words = EMAILS if target.part == Part.EMAIL else NAMES
    own = [f"{role}{word}" for word in words] + [f"{word}{role}" for word in words]
    own += [f"{word}{target.number}" for word in words]
    if target.part == Part.NAME:
        own.append(role)
    if found := _by_name(columns, own):
        return found
    if not is_alone:
        return []
    if target.part == Part.NAME and (parts := _first_and_last(columns)):
        return parts
    return _by_name(columns, words)


def _first_and_last(columns: Sequence[str]) -> list[int]:
    """`Vorname` beside a mere `Name` is the first half of it."""
    first = _by_name(columns, FIRST_NAMES)
    last = _by_name(columns, LAST_NAMES) or _by_name(columns, NAMES)
    return first + last if first and last and first != last else []


def _names_of_value(target: Target) -> list[str]:
    """`Tenant rent` before `rent`, as two people may have a field of the same label."""
    label, role = _plain(target.label), _plain(target.role)
    return [f"{role}{label}", f"{label}{role}", label]


def _by_name(columns: Sequence[str], names: Sequence[str] | frozenset[str]) -> list[int]:
    ordered = names if isinstance(names, frozenset) else dict.fromkeys(names)
    if isinstance(ordered, frozenset):
        return next(([index] for index, column in enumerate(columns) if column in ordered), [])
    return next(([columns.index(name)] for name in ordered if name and name in columns), [])


def _emails_by_content(
    targets: Sequence[Target], found: Mapping[str, list[int]], rows: Sequence[Sequence[str]], width: int
) -> dict[str, list[int]]:
    """As many columns of addresses as people without one: they belong together, in order."""
    taken = {index for chosen in found.values() for index in chosen}
    missing = [target for target in targets if target.part == Part.EMAIL and target.key not in found]
    needed = [target for target in missing if target.required] or missing
    holding = [index for index in range(width) if index not in taken and _holds_emails(rows, index)]
    if len(holding) != len(needed):
        return {}
    return {target.key: [index] for target, index in zip(needed, holding, strict=True)}


def _holds_emails(rows: Sequence[Sequence[str]], index: int) -> bool:
    cells = [row[index] for row in rows if index < len(row) and row[index]]
    return bool(cells) and sum("@" in cell for cell in cells) * 2 > len(cells)


def _plain(text: str) -> str:
    """`E-Mail (work)` and `email work` are the same name."""
    return "".join(character for character in text.casefold() if character.isalnum())
