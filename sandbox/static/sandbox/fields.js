// The fields on the pages, and what is in them.

export const form = document.querySelector("[data-ceremony]");
export const fields = () => [...form.querySelectorAll("[data-field]")];
export const isMine = (field) => "labels" in field.dataset;
export const control = (field) => field.querySelector("button:not([data-remove]), select, textarea, input:not([type=hidden])");
const kept = (field) => field.querySelector("[data-value]")?.value ?? "";

export function valueOf(field) {
  const input = control(field);
  switch (field.dataset.field) {
    case "sign":
    case "initial":
    case "approve":
    case "view": return kept(field);
    case "check": return input.checked ? "true" : "";
    case "radio": return form.querySelector(`input[name="${input.name}"]:checked`)?.value ?? "";
    case "attachment": return input.files[0]?.name ?? input.dataset.kept;
    case "text":
    case "area":
    case "list": return input.value;
    case "tick": return field.classList.contains("field--filled") ? "true" : "";
    default: return field.textContent.trim();
  }
}

export const isWrong = (field) => field.classList.contains("field--wrong");
export const isDone = (field) => valueOf(field).trim() !== "";

// What is left to do: every required field that is shown; of a radio group the first one.
export function required() {
  const seen = new Set();
  return fields().filter((field) => {
    const name = control(field)?.name || field;
    if (!("required" in field.dataset) || field.hidden || seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}
