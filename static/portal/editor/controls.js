// The inputs of the properties panel. Each shows a property of all chosen fields, and changes it for all of them.

import { h } from "./dom.js";

let lastId = 0;

export class Controls {
  constructor(store) {
    this.store = store;
    this.syncs = [];
  }

  begin() {
    this.syncs = [];
  }

  sync() {
    const fields = this.store.selected;
    if (fields.length) for (const sync of this.syncs) sync(fields);
  }

  change(change, merge) {
    this.store.change([...this.store.selection], change, { merge });
  }

  // A label above an input, the complaint of the server below.
  row(label, input, { name = "", hint = "", isNarrow = false } = {}) {
    const id = `fe-input-${(lastId += 1)}`;
    input.id = id;
    const complaint = h("p", { class: "fe-complaint", id: `${id}-complaint`, hidden: true });
    const note = hint ? h("p", { class: "fe-hint", id: `${id}-hint` }, hint) : null;
    const described = [note && `${id}-hint`, `${id}-complaint`].filter(Boolean).join(" ");
    input.setAttribute("aria-describedby", described);
    this.syncs.push((fields) => {
      const errors = fields.flatMap((field) => this.store.errors.get(field.key)?.[name] ?? []);
      complaint.textContent = [...new Set(errors)].join(" ");
      complaint.hidden = !errors.length;
      input.setAttribute("aria-invalid", String(errors.length > 0));
    });
    return h("div", { class: `fe-row${isNarrow ? " fe-row--narrow" : ""}` }, h("label", { for: id }, label), input, note, complaint);
  }

  // `read`: field → what is shown; `write`: what was typed → changes, or null for what cannot be meant.
  bind(input, read, write, merge) {
    this.syncs.push((fields) => {
      if (input === document.activeElement && input.dataset.dirty) return;
      const values = [...new Set(fields.map((field) => String(read(field) ?? "")))];
      input.value = values.length === 1 ? values[0] : "";
      input.placeholder = values.length === 1 ? (input.dataset.placeholder ?? "") : "Mixed";
    });
    input.addEventListener("input", () => {
      input.dataset.dirty = "yes";
      const change = write(input.value);
      if (change !== null) this.change(typeof change === "function" ? change : () => change, merge);
    });
    input.addEventListener("blur", () => {
      delete input.dataset.dirty;
      this.sync();
    });
    return input;
  }

  text(name, label, { lines = 1, longest = 100, placeholder = "", hint = "" } = {}) {
    const input = h(lines > 1 ? "textarea" : "input", { rows: lines > 1 ? lines : null, maxLength: longest, autocomplete: "off", "data-placeholder": placeholder });
    this.bind(input, (field) => field[name], (value) => ({ [name]: value }), `text ${name}`);
    return this.row(label, input, { name, hint });
  }

  number(name, label, { least = 0, most = 5000, write = null, read = null, isEmptyFine = false } = {}) {
    const input = h("input", { type: "number", min: String(least), max: String(most), step: "1", inputmode: "numeric" });
    const parse = (value) => {
      if (value === "" && isEmptyFine) return { [name]: null };
      const number = Math.round(Number(value));
      if (value === "" || !Number.isFinite(number) || number < least || number > most) return null;
      return write ? write(number) : { [name]: number };
    };
    this.bind(input, read ?? ((field) => field[name]), parse, `number ${name}`);
    return this.row(label, input, { name, isNarrow: true });
  }

  choice(name, label, options, { write = (value) => ({ [name]: value }), isNarrow = false } = {}) {
    const select = h("select", {}, options.map(([value, text]) => h("option", { value: String(value) }, text)));
    this.syncs.push((fields) => {
      const values = [...new Set(fields.map((field) => String(field[name] ?? "")))];
      select.value = values.length === 1 ? values[0] : "";
      if (values.length > 1) select.selectedIndex = -1;
    });
    select.addEventListener("change", () => {
      const change = write(select.value);
      this.change(typeof change === "function" ? change : () => change);
    });
    return this.row(label, select, { name, isNarrow });
  }

  check(name, label, { read = (field) => field[name], write = (isOn) => ({ [name]: isOn }) } = {}) {
    const input = h("input", { type: "checkbox" });
    this.syncs.push((fields) => {
      const states = new Set(fields.map((field) => Boolean(read(field))));
      input.checked = states.size === 1 && states.has(true);
      input.indeterminate = states.size > 1;
    });
    input.addEventListener("change", () => {
      const change = write(input.checked);
      this.change(typeof change === "function" ? change : () => change);
    });
    return h("label", { class: "fe-check" }, input, h("span", {}, label));
  }
}
