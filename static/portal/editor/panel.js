// Properties of what is chosen; with nothing chosen, all fields at a glance.

import { arrange } from "./arrange.js";
import { Controls } from "./controls.js";
import { h, icon, iconButton, plural } from "./dom.js";
import { fitted, onPage } from "./geometry.js";
import { outline } from "./outline.js";
import { placeOf } from "./place.js";

export class Panel {
  constructor(root, editor) {
    Object.assign(this, { root, editor, store: editor.store, state: editor.state });
    this.controls = new Controls(this.store);
    this.shown = "";
    this.store.on("selection fields", () => this.refresh());
    editor.anchors.onAnswer = () => this.refresh({ isForced: true });
    this.refresh();
  }

  // Built anew only when what is asked for changes, so that typing is not disturbed.
  refresh({ isForced = false } = {}) {
    const fields = this.store.selected;
    const signature = fields.map((field) => `${field.key}:${field.kind}:${Boolean(field.anchor)}`).join();
    document.body.classList.toggle("fe-has-selection", fields.length > 0);
    if (!fields.length) {
      if (this.shown !== "" || !this.root.childElementCount) this.root.scrollTop = 0;
      this.shown = "";
      clearTimeout(this.timer); // dragging and typing change the list often
      this.timer = setTimeout(() => !this.store.selection.size && this.root.replaceChildren(...outline(this.editor)), this.root.childElementCount && !isForced ? 60 : 0);
      return;
    }
    if (signature !== this.shown) {
      this.shown = signature;
      this.controls.begin();
      this.root.replaceChildren(...(fields.length === 1 ? this.single(fields[0]) : this.many(fields)).filter(Boolean));
      this.root.scrollTop = 0;
    }
    this.controls.sync();
  }

  open() {
    document.body.classList.add("fe-panel-open");
    this.root.querySelector("select, input, textarea, button")?.focus();
  }

  close() {
    document.body.classList.remove("fe-panel-open");
  }

  head(iconName, title) {
    const { clipboard, store } = this.editor;
    return h("div", { class: "fe-panel__head" },
      h("h2", {}, icon(iconName), title),
      h("div", { class: "fe-tools" },
        iconButton("content_copy", "Duplicate (Ctrl+D)", () => clipboard.duplicate()),
        iconButton("file_copy", "Copy to all pages of the document", () => clipboard.toAllPages()),
        iconButton("delete", "Delete (Del)", () => this.editor.remove()),
        iconButton("close", "Back to the page (Esc)", () => { this.close(); store.select([]); }, { class: "fe-icon fe-only-small" })));
  }

  owner() {
    const signers = this.state.recipients.filter((recipient) => recipient.signs);
    return this.controls.choice("recipient", "Who fills it in", signers.map((recipient) => [recipient.number, recipient.name]), {
      write: (value) => ({ recipient: Number(value) }),
    });
  }

  single(field) {
    const kind = this.state.kinds[field.kind];
    const complaints = h("p", { class: "fe-complaint", role: "alert" });
    this.controls.syncs.push(([one]) => {
      const errors = this.store.errors.get(one.key) ?? {};
      complaints.textContent = [...(errors.__all__ ?? []), ...(errors.recipient ?? []), ...(errors.page ?? []), ...(errors.document ?? [])].join(" ");
    });
    return [
      this.head(kind.icon, kind.label),
      complaints,
      h("div", { class: "fe-group" }, this.owner(), ...this.demands(kind)),
      h("div", { class: "fe-group" }, ...this.content(field, kind)),
      placeOf(this.editor, this.controls, field, kind),
      this.rules(kind),
    ];
  }

  demands(kind) {
    const has = (name) => kind.columns.includes(name);
    return [h("div", { class: "fe-checks" },
      has("required") && this.controls.check("required", "Required"),
      has("locked") && this.controls.check("locked", "Read only"))];
  }

  content(field, kind) {
    const { controls } = this;
    const has = (name) => kind.columns.includes(name);
    const rows = [];
    if (field.kind === "radio") rows.push(...this.radio(field));
    if (field.kind === "list") rows.push(this.options());
    if (field.kind === "checkbox") {
      rows.push(controls.check("value", "Ticked from the start", { read: (one) => one.value === "true", write: (isOn) => ({ value: isOn ? "true" : "" }) }));
    } else if (field.kind === "list") rows.push(this.chosen(field));
    else if (field.kind === "note") rows.push(controls.text("value", "Text of the note", { lines: 3, longest: 4000 }));
    else if (["approve", "decline"].includes(field.kind)) rows.push(controls.text("value", "Text of the button", { placeholder: kind.label }));
    else if (has("value") && field.kind !== "radio") rows.push(controls.text("value", "Default value", { lines: field.kind === "text" ? 2 : 1, longest: 4000 }));
    if (field.kind !== "radio") rows.push(controls.text("label", "Label", { hint: "What the value is called in data; signers may see it." }));
    rows.push(controls.text("tooltip", "Hint for the signer", { longest: 255 }));
    return rows;
  }

  options() {
    const input = h("textarea", { rows: 4 });
    this.controls.bind(input, (field) => field.options.join("\n"), (value) => ({ options: value.split("\n").map((line) => line.trim()).filter(Boolean) }), "options");
    return this.controls.row("Options, one a line", input, { name: "__all__" });
  }

  chosen(field) {
    return this.controls.choice("value", "Chosen from the start", [["", "Nothing"], ...field.options.map((option) => [option, option])]);
  }

  radio(field) {
    const { controls, store } = this;
    const option = h("input", { maxLength: 100, autocomplete: "off" });
    controls.bind(option, (one) => one.options[0] ?? "", (value) => (one) => ({ options: [value], value: one.value ? value : "" }), "option");
    const isSibling = (other, one) => other.kind === "radio" && other.group === one.group && other.recipient === one.recipient;
    const choose = controls.check("value", "Chosen from the start", { read: (one) => one.value !== "" && one.value === one.options[0], write: () => ({}) });
    choose.firstChild.addEventListener("change", (event) => {
      const [one] = store.selected;
      const fields = store.fields.map((other) => (isSibling(other, one) ? { ...other, value: other.key === one.key && event.target.checked ? other.options[0] : "" } : other));
      store.commit(fields);
    });
    return [
      controls.row("This button stands for", option, { name: "options" }),
      choose,
      controls.text("group", "Group", { hint: "Of the buttons of a group, one can be chosen." }),
      h("button", { type: "button", class: "fe-button", onclick: () => this.editor.maker.addRadio(store.get(field.key)) }, icon("add"), "Add another option"),
    ];
  }

  rules(kind) {
    const has = (name) => kind.columns.includes(name);
    const { controls } = this;
    const sizes = [["", "As usual"], ...this.state.font_sizes.map((size) => [size, `${size} pt`])];
    const rows = [
      has("font_size") && controls.choice("font_size", "Font size", sizes, { write: (value) => ({ font_size: value ? Number(value) : null }), isNarrow: true }),
      has("max_length") && controls.number("max_length", "Characters at most", { least: 1, most: 4000, isEmptyFine: true }),
      has("validation_pattern") && controls.text("validation_pattern", "Must fit this pattern", { longest: 255, placeholder: "[0-9]{5}", hint: "A regular expression." }),
      has("validation_message") && controls.text("validation_message", "What to say when it does not fit", { longest: 255 }),
    ].filter(Boolean);
    return rows.length ? h("details", { class: "fe-group", open: this.isRulesOpen, ontoggle: (event) => (this.isRulesOpen = event.target.open) }, h("summary", {}, "Looks and rules"), h("div", { class: "fe-grid" }, rows)) : null;
  }

  many(fields) {
    const common = (name) => fields.every((field) => this.state.kinds[field.kind].columns.includes(name));
    const sizes = [["", "As usual"], ...this.state.font_sizes.map((size) => [size, `${size} pt`])];
    const { controls } = this;
    return [
      this.head("select_all", plural(fields.length, "field", "fields")),
      h("div", { class: "fe-group" }, this.owner(), h("div", { class: "fe-checks" },
        common("required") && controls.check("required", "Required"),
        common("locked") && controls.check("locked", "Read only"))),
      arrange(this.editor),
      h("div", { class: "fe-group fe-grid" },
        controls.number("x", "From left", { write: (x) => (field) => this.kept(field, { x }) }),
        controls.number("y", "From top", { write: (y) => (field) => this.kept(field, { y }) }),
        controls.number("width", "Width", { least: 4, write: (width) => (field) => this.sized(field, { width }) }),
        controls.number("height", "Height", { least: 4, write: (height) => (field) => this.sized(field, { height }) }),
        common("font_size") && controls.choice("font_size", "Font size", sizes, { write: (value) => ({ font_size: value ? Number(value) : null }), isNarrow: true })),
    ];
  }

  kept(field, change) {
    const page = this.editor.pages.at(field.document, field.page);
    return page && !field.anchor ? onPage({ ...field, ...change }, page.size) : {};
  }

  // Of kinds that keep their shape, the height follows the width and the other way round.
  sized(field, { width, height }) {
    const kind = this.state.kinds[field.kind];
    const asWide = kind.sizing === "scaled" && height ? (height * kind.width) / kind.height : width;
    const size = fitted(kind, asWide ?? field.width, height ?? field.height);
    return { ...size, ...this.kept(field, size) };
  }
}
