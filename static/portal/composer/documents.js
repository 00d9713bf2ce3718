// Documents: files chosen or dropped anywhere are uploaded at once; rows are put in order, replaced, removed.
import { makeSortable } from "./dragging.js";
import { remove, removeForGood } from "./removing.js";

export function documents(form, autosave) {
  const holder = form.querySelector("[data-documents]");
  const input = form.querySelector("[data-drop] input[type=file]");
  const progress = form.querySelector("[data-progress]");
  const problems = form.querySelector("[data-problems]");
  const rows = () => [...holder.querySelectorAll("[data-document]:not([hidden])")];

  // The admin's own script writes a chosen file's name into the form's first text field; not here.
  const spare = (files) => { files.hasChangeListener = true; };
  const spareAll = () => form.querySelectorAll("input[type=file]").forEach(spare);
  spareAll();

  function renumber() {
    rows().forEach((row, index) => { row.querySelector("[name$='-place']").value = index + 1; });
    autosave.changed();
  }

  async function upload() {
    removeForGood();
    problems.replaceChildren();
    progress.hidden = false;
    progress.removeAttribute("value");
    autosave.changed();
    await autosave.save();
    progress.hidden = true;
  }

  form.addEventListener("change", (event) => {
    if (event.target.type === "file" && event.target.files.length) upload();
  });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    form.addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      form.classList.toggle("sp-composer--over", kind === "dragover");
      if (kind !== "drop") return;
      input.files = event.dataTransfer.files;
      upload();
    });
  }
  holder.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const row = button?.closest("[data-document]");
    if (!row) return;
    event.preventDefault();
    const name = row.querySelector("[name$='-name']").value;
    if (button.matches("[data-remove]")) remove(row, name, { autosave, gone: () => { row.querySelector("[name$='-DELETE'][type='hidden']").value = "on"; } });
    if (button.dataset.move === "up") row.previousElementSibling?.before(row);
    if (button.dataset.move === "down") row.nextElementSibling?.after(row);
    if (button.dataset.move) { renumber(); button.focus(); }
  });
  makeSortable(holder, { rows: "[data-document]", handle: ".sp-doc__picture", moved: renumber });

  return {
    progressed(part) {
      if (progress.hidden) return;
      progress.value = part;
      if (part === 1) progress.removeAttribute("value"); // the server reads
    },
    answered(answer) {
      if (answer.problems?.length) problems.replaceChildren(...answer.problems.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
      if (answer.documents === undefined) return;
      holder.innerHTML = answer.documents;
      form.querySelectorAll("input[type=file]").forEach((files) => { files.value = ""; });
      spareAll();
    },
  };
}
