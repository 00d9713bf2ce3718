"""What was found, as text for people and as JSON for programs."""

import json
from dataclasses import dataclass, field

OK, NOTE, WRONG = "ok", "note", "wrong"
MARKS = {OK: "  ok     ", NOTE: "  note   ", WRONG: "  WRONG  "}


@dataclass(slots=True)
class Report:
    """Valid as long as nothing wrong was found. `code` is for programs and stays the same; the sentence may change."""

    findings: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        return not any(level == WRONG for level, _code, _text in self.findings)

    def ok(self, code: str, text: str) -> None:
        self.findings.append((OK, code, text))

    def note(self, code: str, text: str) -> None:
        self.findings.append((NOTE, code, text))

    def wrong(self, code: str, text: str) -> None:
        self.findings.append((WRONG, code, text))

    def as_text(self) -> str:
        verdict = "VALID: the bundle is what the portal handed out."
        if not self.is_valid:
            verdict = "NOT VALID: this is not what the portal handed out, or it cannot be told."
        lines = [MARKS[level] + _printable(text) for level, _code, text in self.findings]
        return "\n".join([*lines, "", verdict, ""])

    def as_json(self) -> str:
        findings = [{"level": level, "code": code, "text": text} for level, code, text in self.findings]
        return json.dumps({"valid": self.is_valid, "findings": findings}, indent=2, ensure_ascii=True) + "\n"


def _printable(text: str) -> str:
    """Names out of a stranger's file must not steer the terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)
