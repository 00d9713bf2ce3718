// Recipients: rows added, removed, put in order. Who has the same number signs at the same time.
import { makeSortable } from "./dragging.js";
import { remove } from "./removing.js";
import { suggestPeople } from "./suggestions.js";
import { words } from "./words.js";

const USUAL = ["", "none", "portal"];

export function people(form, autosave) {
  const list = form.querySelector("[data-people]");
  const total = form.querySelector("[data-total]");
  const template = document.querySelector("[data-recipient-template]");
  const rows = () => [...list.querySelectorAll("[data-person]:not([hidden])")];
  const orderOf = (row) => row.querySelector("[name$='-routing_order']");
  const order = (row) => Number(orderOf(row).value) || 1;
  const nameOf = (row) => row.querySelector("[name$='-name']:not([name$='host_name'], [name$='role_name'])").value || row.querySelector("[name$='-email']").value || words.nobody;

  function show() {
    rows().forEach((row, index, all) => {
      row.classList.toggle("sp-person--together", index > 0 && order(all[index - 1]) === order(row));
      for (const button of row.querySelectorAll("[data-move]")) {
        button.hidden = all.length < 2;
        button.disabled = button.dataset.move === "up" ? index === 0 : index === all.length - 1;
      }
      const label = row.querySelector("[data-more-label]");
      const chosen = [...row.querySelectorAll("[data-more] select")].filter((select) => !USUAL.includes(select.value));
      const said = chosen.map((select) => select.selectedOptions[0].textContent);
      if (row.querySelector("[name$='-private_message']").value.trim()) said.push(row.querySelector("[name$='-private_message']").labels[0].textContent);
      label.textContent = said.length ? said.join(" · ") : words.options;
    });
  }

  // Numbers without gaps, equal ones staying equal.
  function compact() {
    const used = [...new Set(rows().map(order))].sort((a, b) => a - b);
    for (const row of rows()) orderOf(row).value = used.indexOf(order(row)) + 1;
  }

  // After a row was laid elsewhere: between two of one number it joins them, else it stands by itself.
  function renumber(row) {
    const all = rows();
    const index = all.indexOf(row);
    const before = all[index - 1], after = all[index + 1];
    if (before && after && order(before) === order(after)) {
      orderOf(row).value = order(before);
    } else {
      const place = before ? order(before) + 1 : 1;
      orderOf(row).value = place;
      const others = all.slice(index + 1);
      const shift = others.some((other) => order(other) <= place) ? place + 1 - Math.min(...others.map(order)) : 0;
      for (const other of others) orderOf(other).value = order(other) + shift;
    }
    compact();
    show();
    autosave.changed();
  }

  function sort() {
    const focused = document.activeElement;
    const sorted = rows().map((row, index) => [order(row), index, row]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    if (sorted.some(([, index], place) => index !== place)) {
      list.append(...sorted.map(([, , row]) => row));
      focused?.focus();
    }
    show();
  }

  function add() {
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
    const row = holder.content.firstElementChild;
    total.value = Number(total.value) + 1;
    const last = Math.max(0, ...rows().map(order));
    list.append(row);
    orderOf(row).value = last + 1;
    show();
    row.querySelector("[name$='-role_name'], [name$='-name']").focus();
  }

  suggestPeople(list, list.dataset.peopleUrl); // before the rows' own keys: Enter takes a suggestion first
  form.querySelector("[data-add]").addEventListener("click", (event) => { event.preventDefault(); add(); });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const row = button?.closest("[data-person]");
    if (!row || button.matches(".sp-link")) return;
    event.preventDefault();
    if (button.matches("[data-remove]")) {
      remove(row, nameOf(row), { autosave, gone: () => row.remove(), back: show });
      show();
    }
    const all = rows();
    const index = all.indexOf(row);
    if (button.dataset.move === "up" && index > 0) all[index - 1].before(row);
    if (button.dataset.move === "down" && index < all.length - 1) all[index + 1].after(row);
    if (button.dataset.move) { renumber(row); if (!button.disabled) button.focus(); }
  });
  list.addEventListener("change", (event) => {
    if (event.target.matches("[name$='-routing_order']")) sort();
    else show();
  });
  // Enter goes on to the next row, and after the last one makes another.
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.defaultPrevented || !event.target.matches("input")) return;
    event.preventDefault();
    const all = rows();
    const next = all[all.indexOf(event.target.closest("[data-person]")) + 1];
    if (next) next.querySelector("input:not([type='hidden'], [type='number'])").focus();
    else add();
  });
  makeSortable(list, { rows: "[data-person]", handle: "[data-grip]", moved: renumber });
  show();

  return {
    answered(answer) {
      for (const [index, number] of Object.entries(answer.numbers ?? {})) {
        const input = form.elements[`recipients-${index}-number`];
        if (!input) continue;
        input.value = number;
        input.closest("[data-person]").id = `recipient-${number}`;
      }
    },
  };
}
