// Conditional fields are shown while their parent has the value. The server judges by the same rules (conditions.py).

import { control, fields, isMine, valueOf } from "./fields.js";

const CLICKED = ["check", "sign", "initial", "tick", "view"];
const labels = (field) => field.dataset.labels.split("\n");

function isActive(parent, wanted) {
  const isOn = ["", "on", "true"].includes(wanted.toLowerCase());
  const value = valueOf(parent);
  if (CLICKED.includes(parent.dataset.field)) return (value !== "") === isOn;
  if (parent.dataset.field === "radio" && isOn) return value !== "";
  return value.trim() === wanted.trim();
}

function isShown(field, family, asked = []) {
  const { parent: label, parentValue } = field.dataset;
  if (!label || asked.includes(field)) return true;
  const parents = family.filter((other) => other !== field && labels(other).includes(label));
  return parents.length === 0 || parents.some((parent) => isActive(parent, parentValue) && isShown(parent, family, [...asked, field]));
}

export function showConditional() {
  const family = fields().filter(isMine);
  for (const field of family.filter((candidate) => candidate.dataset.parent)) {
    field.hidden = !isShown(field, family);
    const input = control(field);
    if (input) input.disabled = field.hidden;
  }
}
