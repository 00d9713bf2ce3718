// The composer: add and remove signers and fields, drop files. The server numbers and judges everything.

const form = document.querySelector("[data-composer]");
const signerTemplate = document.querySelector("[data-signer-template]");
const tabTemplate = document.querySelector("[data-tab-template]");

const total = (name) => form.querySelector(`[data-total="${name}"]`);

// A formset row is a copy of the template with its number filled in. Numbers are never reused.
function newRow(template, name) {
  const counter = total(name);
  const number = Number(counter.value);
  counter.value = number + 1;
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__prefix__", number);
  return [holder.content.firstElementChild, number];
}

function addTab(signerCard, { anchor = "" } = {}) {
  const [row] = newRow(tabTemplate, "tabs");
  row.querySelector("[name$='-signer']").value = signerCard.dataset.signer;
  row.querySelector("[name$='-anchor']").value = anchor;
  signerCard.querySelector("[data-tabs]").append(row);
  showPlacement(row);
  return row;
}

function addSigner() {
  const [card, number] = newRow(signerTemplate, "signers");
  card.dataset.signer = number;
  const orders = [...form.querySelectorAll("fieldset:not([hidden]) [name$='-routing_order']")].map((input) => Number(input.value) || 0);
  card.querySelector("[name$='-routing_order']").value = Math.max(0, ...orders) + 1;
  form.querySelector("[data-signers]").append(card);
  addTab(card, { anchor: `/sn${number + 1}/` });
  card.querySelector("[name$='-name']").focus();
}

// Removed rows stay in the form, hidden and marked, so that the numbering holds.
function remove(row) {
  row.hidden = true;
  for (const mark of row.querySelectorAll("[name$='-DELETE']")) mark.value = "on";
}

function showPlacement(row) {
  const placement = row.querySelector("[name$='-placement']").value;
  for (const place of row.querySelectorAll("[data-when]")) place.hidden = place.dataset.when !== placement;
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches("[data-add-signer]")) addSigner();
  if (button.matches("[data-add-tab]")) addTab(button.closest("[data-signer]")).querySelector("select").focus();
  if (button.matches("[data-remove-signer]")) remove(button.closest("[data-signer]"));
  if (button.matches("[data-remove-tab]")) remove(button.closest("[data-tab]"));
});
form.addEventListener("change", (event) => {
  if (event.target.matches("[name$='-placement']")) showPlacement(event.target.closest("[data-tab]"));
});
for (const row of form.querySelectorAll("[data-tab]")) {
  showPlacement(row);
  row.hidden = ["on", "True", "true"].includes(row.querySelector("[name$='-DELETE']").value);
}

// Files: list what was chosen, take what is dropped.
const drop = form.querySelector("[data-drop]");
const input = drop.querySelector("input[type=file]");
const list = drop.querySelector("[data-chosen]");
const megabytes = (bytes) => (bytes / 1024 / 1024).toFixed(bytes > 1024 * 1024 ? 1 : 2);

// The admin's own script writes a chosen file's name into the form's first text field; not here.
input.hasChangeListener = true;

input.addEventListener("change", () => {
  const subject = form.elements.subject;
  if (!subject.value && input.files.length) {
    subject.value = `Please sign: ${input.files[0].name.replace(/\.pdf$/i, "")}`.slice(0, subject.maxLength);
  }
  list.replaceChildren(...[...input.files].map((file) => {
    const item = document.createElement("li");
    item.textContent = `${file.name} · ${megabytes(file.size)} MB`;
    return item;
  }));
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("sp-drop--over", kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change"));
    }
  });
}

// One click, one envelope: the server refuses a second one anyway, this only spares the surprise.
form.addEventListener("submit", (event) => {
  if (form.dataset.busy) event.preventDefault();
  form.dataset.busy = "yes";
});
addEventListener("pageshow", () => delete form.dataset.busy);

document.querySelector("[data-focus]")?.focus();
