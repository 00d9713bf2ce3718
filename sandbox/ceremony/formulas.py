"""Formula tabs: + - * / and brackets over the values of other tabs, named as `[tabLabel]` (reference 2.5)."""

import ast
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, DecimalException
from operator import add, mul, sub, truediv

LABEL = re.compile(r"\[([^\]]+)\]")
LONGEST = 2000
MOST_DECIMALS = 10
MOST_DIGITS = 20
OPERATORS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: add,
    ast.Sub: sub,
    ast.Mult: mul,
    ast.Div: truediv,
}


class NotAFormulaError(Exception):
    """It uses more than this module knows; it is shown as it stands."""


def calculate(formula: str, values: Mapping[str, str], decimals: str = "") -> str:
    """The result; nothing where a division has none. Raises NotAFormulaError."""
    if len(formula) > LONGEST or not all(label in values for label in LABEL.findall(formula)):
        raise NotAFormulaError
    try:
        tree = ast.parse(LABEL.sub(lambda found: f"({number_in(values[found[1]])})", formula).strip(), mode="eval")
        return _spelled(_value(tree.body), decimals)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NotAFormulaError from None
    except DecimalException:
        return ""


def number_in(text: str) -> Decimal:
    """What a signer means by "$1,250.50", "12,5" or a ticked box; 0 for no number."""
    if text == "true":
        return Decimal(1)
    digits = re.sub(r"[^\d.,-]", "", text, flags=re.ASCII)
    if re.fullmatch(r"-?\d+,\d{1,2}", digits):
        digits = digits.replace(",", ".")
    try:
        return Decimal(digits.replace(",", ""))
    except DecimalException:
        return Decimal(0)


def _value(node: ast.AST) -> Decimal:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Decimal(str(number))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in OPERATORS:
            return OPERATORS[type(operator)](_value(left), _value(right))
    raise NotAFormulaError


def _spelled(number: Decimal, decimals: str) -> str:
    if not number.is_finite() or number.adjusted() > MOST_DIGITS:
        return ""
    if decimals.isdecimal() and int(decimals) <= MOST_DECIMALS:
        return f"{number:.{int(decimals)}f}"
    text = f"{round(number, MOST_DECIMALS):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
