// What is left to do, and the way to the next place.

import { showConditional } from "./conditions.js";
import { control, fields, form, isDone, isWrong, required } from "./fields.js";
import { showFormulas } from "./formulas.js";

const isFreeForm = form.querySelector("[data-free-form]") !== null;
const find = (name) => form.querySelector(`[data-${name}]`);

// Without any fields of the sender's, one placed signature is enough.
function count() {
  if (isFreeForm) return { done: fields().some((field) => field.dataset.field === "sign" && isDone(field)) ? 1 : 0, total: 1 };
  const all = required();
  return { done: all.filter(isDone).length, total: all.length };
}

function sentence({ done, total }) {
  if (total === 0) return "Nothing is required: finish when you are ready";
  if (done === total) return "All done: you can finish";
  return isFreeForm ? "Place your signature on a page" : `${done} of ${total} required fields done`;
}

export function update() {
  showConditional();
  showFormulas();
  const progress = find("progress");
  if (!progress) return;
  const state = count();
  const isOver = state.done === state.total;
  progress.textContent = sentence(state);
  find("meter").style.width = `${state.total ? (state.done / state.total) * 100 : 100}%`;
  find("next").hidden = (isOver && !fields().some(isWrong)) || isFreeForm;
  find("next").disabled = false;
  const { wordStart, wordNext } = find("next").dataset;
  find("next").textContent = state.done === 0 ? wordStart : wordNext;
  find("finish").disabled = !isOver;
}

export function goToNext() {
  const field = fields().find(isWrong) ?? required().find((candidate) => !isDone(candidate));
  if (!field) {
    find("finish")?.focus();
    return;
  }
  field.scrollIntoView({ block: "center" });
  control(field).focus({ preventScroll: true });
}

find("next")?.addEventListener("click", goToNext);
form.addEventListener("input", (event) => {
  event.target.closest("[data-field]")?.classList.remove("field--wrong");
  update();
});
form.addEventListener("change", (event) => {
  if (event.target.type === "file") {
    const name = event.target.closest("[data-field]").querySelector("[data-file-name]");
    event.target.dataset.kept = event.target.files[0]?.name ?? event.target.dataset.kept;
    name.textContent = event.target.dataset.kept;
  }
  update();
});

// Enter in a text field goes on to the next field instead of finishing by surprise.
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-field] input:not([type=file])")) {
    event.preventDefault();
    goToNext();
  }
});

// Approved, or viewed: a button that stays pressed.
for (const button of form.querySelectorAll("[data-toggle]")) {
  button.addEventListener("click", () => {
    const field = button.closest("[data-field]");
    const kept = field.querySelector("[data-value]");
    kept.value = kept.value ? "" : button.dataset.toggle;
    button.setAttribute("aria-pressed", String(kept.value !== ""));
    field.classList.remove("field--wrong");
    update();
  });
}
