// People written to before, for a name or address that is begun: a list below the input, by keyboard or mouse.
import { words } from "./words.js";

const PAUSE = 180;

export function suggestPeople(list, url) {
  let current = null; // { input, box, people, chosen }
  let timer = 0;

  const fields = (input) => {
    const row = input.closest("[data-person]");
    return { name: row.querySelector("[name$='-name']:not([name$='host_name'], [name$='role_name'])"), email: row.querySelector("[name$='-email']:not([name$='host_email'])") };
  };
  const isAsking = (input) => input.matches?.("[name$='-name'], [name$='-email']") && Object.values(fields(input)).includes(input);

  function close() {
    if (!current) return;
    current.input.setAttribute("aria-expanded", "false");
    current.input.removeAttribute("aria-activedescendant");
    current.box.remove();
    current = null;
  }

  function open(input, people) {
    close();
    if (!people.length || document.activeElement !== input) return;
    const box = document.createElement("ul");
    box.className = "sp-suggestions";
    box.id = `${input.id}_people`;
    box.setAttribute("role", "listbox");
    box.setAttribute("aria-label", words.found);
    people.forEach((person, index) => {
      const item = document.createElement("li");
      item.id = `${box.id}_${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.append(person.name, Object.assign(document.createElement("small"), { textContent: person.email }));
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); take(person); });
      box.append(item);
    });
    input.closest(".sp-field").append(box);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "true", "aria-controls": box.id })) input.setAttribute(name, value);
    current = { input, box, people, chosen: -1 };
  }

  function choose(index) {
    const count = current.people.length;
    current.chosen = (index + count) % count;
    [...current.box.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === current.chosen)));
    const item = current.box.children[current.chosen];
    item.scrollIntoView({ block: "nearest" });
    current.input.setAttribute("aria-activedescendant", item.id);
  }

  function take(person) {
    const { name, email } = fields(current.input);
    name.value = person.name;
    email.value = person.email;
    const input = current.input;
    close();
    email.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  }

  list.addEventListener("input", (event) => {
    const input = event.target;
    clearTimeout(timer);
    if (!isAsking(input)) return;
    const begun = input.value.trim();
    if (begun.length < 2) { close(); return; }
    timer = setTimeout(async () => {
      const response = await fetch(`${url}?q=${encodeURIComponent(begun)}`).catch(() => null);
      if (!response?.ok || input.value.trim() !== begun) return;
      const { people } = await response.json();
      const { name, email } = fields(input);
      open(input, people.filter((person) => person.name !== name.value || person.email !== email.value));
    }, PAUSE);
  });
  list.addEventListener("keydown", (event) => {
    if (!current || event.target !== current.input) return;
    if (event.key === "ArrowDown") choose(current.chosen + 1);
    else if (event.key === "ArrowUp") choose(current.chosen < 0 ? -1 : current.chosen - 1);
    else if (event.key === "Enter" && current.chosen >= 0) take(current.people[current.chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  list.addEventListener("focusout", (event) => { if (current?.input === event.target) close(); });
}
