// Sentences at the inputs they speak of, and nowhere else any more.
export function showErrors(form, errors) {
  for (const input of form.querySelectorAll("[aria-invalid]")) {
    if (errors[input.name]) continue;
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    input.closest(".sp-field")?.classList.remove("sp-field--wrong");
  }
  for (const list of form.querySelectorAll(".sp-field > .sp-errors")) list.remove();
  for (const [name, sentences] of Object.entries(errors)) {
    const input = form.elements[name];
    const field = input?.closest?.(".sp-field");
    if (!field) continue;
    const list = document.createElement("ul");
    list.className = "sp-errors";
    list.id = `${input.id}_error`;
    list.append(...sentences.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence })));
    field.append(list);
    field.classList.add("sp-field--wrong");
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", list.id);
    const more = input.closest("details");
    if (more) more.open = true;
  }
}
