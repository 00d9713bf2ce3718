// One signature for all places: adopted once, then put wherever it is asked for.

import { fields, form, isDone } from "./fields.js";
import { goToNext, update } from "./guide.js";
import { Pad, pathOf } from "./pad.js";

const SIGNS = ["sign", "initial"];
const dialog = document.getElementById("adopt");
const adoptForm = dialog.querySelector("[data-adopt]");
const nameInput = document.getElementById("adopt-name");
const initialsInput = document.getElementById("adopt-initials");
const problem = dialog.querySelector("[data-adopt-problem]");
const hidden = (name) => form.querySelector(`input[type=hidden][name="signature-${name}"]`);
const drawn = () => JSON.parse(hidden("strokes").value || "[]");
const pad = new Pad(dialog.querySelector("[data-pad]"), dialog.querySelector("[data-clear]"), drawn());
let waitingField = null;

const hasSignature = () => hidden("name").value !== "";
const isDrawing = () => adoptForm.elements.how.value === "drawn";

function put(field) {
  field.querySelector("[data-value]").value = "signed";
  show(field);
  update();
}

export function show(field) {
  const isInitials = field.dataset.field === "initial";
  const ink = field.querySelector("[data-ink-text]");
  const text = hidden(isInitials ? "initials" : "name").value;
  ink.textContent = text;
  ink.className = `hand sign__ink hand--${hidden("style").value}`;
  field.querySelector("path").setAttribute("d", pathOf(drawn()));
  field.classList.add("field--filled");
  field.classList.toggle("field--drawn", !isInitials && drawn().length > 0);
  field.classList.remove("field--wrong");
  const button = field.querySelector("button");
  // Shrink a long name into its box.
  ink.style.fontSize = "";
  const ratio = (button.clientWidth - 16) / ink.scrollWidth;
  if (ratio < 1 && ratio > 0) ink.style.fontSize = `${ratio}em`;
  if (!button.dataset.label) button.dataset.label = button.getAttribute("aria-label");
  button.setAttribute("aria-label", `${button.dataset.label.replace(", required", "")}: ${text}`);
}

// A first click adopts, later places reuse it, and a click on a signed place lets change it.
export function signAt(field) {
  if (hasSignature() && !isDone(field)) {
    put(field);
    goToNext();
    return;
  }
  waitingField = field;
  problem.textContent = "";
  showHow();
  pad.draw();
  dialog.showModal();
}

function showHow() {
  dialog.querySelector("[data-typed]").hidden = isDrawing();
  dialog.querySelector("[data-drawn]").hidden = !isDrawing();
}
adoptForm.addEventListener("change", showHow);
adoptForm.addEventListener("input", () => {
  for (const preview of adoptForm.querySelectorAll("[data-preview]")) preview.textContent = nameInput.value;
  for (const preview of adoptForm.querySelectorAll("[data-preview-initials]")) preview.textContent = initialsInput.value;
});

adoptForm.addEventListener("submit", (event) => {
  const complain = (text, where) => { event.preventDefault(); problem.textContent = text; where?.focus(); };
  if (!nameInput.value.trim()) return complain("Please enter your full name.", nameInput);
  if (!initialsInput.value.trim()) return complain("Please enter your initials.", initialsInput);
  if (isDrawing() && pad.isEmpty) return complain("Please draw your signature, or choose “Type”.");
  hidden("name").value = nameInput.value.trim();
  hidden("initials").value = initialsInput.value.trim();
  hidden("style").value = adoptForm.elements.style.value || "caveat";
  hidden("strokes").value = isDrawing() ? JSON.stringify(pad.strokes) : "";
  for (const field of fields()) {
    if (SIGNS.includes(field.dataset.field) && (isDone(field) || field === waitingField)) put(field);
  }
  waitingField = null;
  setTimeout(goToNext);
});

for (const field of fields()) {
  if (!SIGNS.includes(field.dataset.field)) continue;
  if (isDone(field)) document.fonts.ready.then(() => show(field));
  field.querySelector(".sign").addEventListener("click", () => signAt(field));
}
