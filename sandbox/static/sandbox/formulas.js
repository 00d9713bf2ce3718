// Formula fields follow what is typed: + - * / and brackets over [labels]. The server has the last word (formulas.py).

import { fields, isMine, valueOf } from "./fields.js";

function numberIn(text) {
  if (text === "true") return 1;
  let digits = text.replace(/[^\d.,-]/g, "");
  if (/^-?\d+,\d{1,2}$/.test(digits)) digits = digits.replace(",", ".");
  return Number(digits.replaceAll(",", "")) || 0;
}

// A sum of products of values; null for what is no formula.
function calculate(formula, values) {
  const parts = formula.match(/\d+(?:\.\d+)?|\[[^\]]+\]|[-+*/()]|\S/g) ?? [];
  let at = 0;
  const sum = () => {
    let total = product();
    while (["+", "-"].includes(parts[at])) total = parts[at++] === "+" ? total + product() : total - product();
    return total;
  };
  const product = () => {
    let total = single();
    while (["*", "/"].includes(parts[at])) total = parts[at++] === "*" ? total * single() : total / single();
    return total;
  };
  const single = () => {
    const part = parts[at++] ?? "";
    if (part === "-") return -single();
    if (part === "+") return single();
    if (part === "(") {
      const total = sum();
      return parts[at++] === ")" ? total : NaN;
    }
    if (part.startsWith("[")) return values.has(part.slice(1, -1)) ? numberIn(values.get(part.slice(1, -1))) : NaN;
    return /^\d/.test(part) ? Number(part) : NaN;
  };
  const total = sum();
  return at === parts.length && !Number.isNaN(total) ? total : null;
}

export function showFormulas() {
  const outputs = [...document.querySelectorAll("[data-formula]")];
  if (outputs.length === 0) return;
  const values = new Map();
  for (const field of fields().filter(isMine)) for (const label of field.dataset.labels.split("\n")) values.set(label, valueOf(field));
  for (const output of outputs) {
    const total = calculate(output.dataset.formula, values);
    const decimals = output.dataset.decimals;
    if (total === null) output.textContent = output.dataset.formula;
    else if (!Number.isFinite(total)) output.textContent = "";
    else output.textContent = decimals ? total.toFixed(Number(decimals)) : String(Number(total.toFixed(10)));
  }
}
