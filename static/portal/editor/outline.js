// With nothing chosen: what the documents offer, and every field in a list.

import { h, icon, plural } from "./dom.js";
import { inReadingOrder } from "./geometry.js";

const LONGEST_LIST = 400;

export function outline(editor) {
  const { store, state } = editor;
  const fields = store.fields;
  return [
    h("div", { class: "fe-panel__head" }, h("h2", {}, icon("list_alt"), plural(fields.length, "field", "fields"))),
    ...editor.offers.cards(),
    fields.length ? people(editor) : h("p", { class: "fe-empty" }, "Choose a kind at the left and press where it belongs, or drag it onto the page."),
    fields.length ? list(editor, fields, state) : null,
  ].filter(Boolean);
}

// Who has how many; nobody is forgotten.
function people(editor) {
  const { store, state } = editor;
  const signers = state.recipients.filter((recipient) => recipient.signs);
  return h("ul", { class: "fe-people" }, signers.map((recipient) => {
    const own = store.fields.filter((field) => field.recipient === recipient.number);
    const signs = own.some((field) => field.kind === "sign_here");
    return h("li", { class: `fe-c-${recipient.colour}` }, h("span", { class: "fe-dot" }), h("span", {}, recipient.name),
      h("small", { class: signs ? "" : "fe-warn" }, signs ? plural(own.length, "field", "fields") : "No signature yet"));
  }));
}

function list(editor, fields, state) {
  const pageOf = (field) => (field.anchor ? [0, 0] : [field.document, field.page]);
  const sorted = [...fields].sort((one, other) => {
    const [a, b] = [pageOf(one), pageOf(other)];
    return a[0] - b[0] || a[1] - b[1] || inReadingOrder(one, other);
  });
  const items = [];
  let last = "";
  for (const field of sorted.slice(0, LONGEST_LIST)) {
    const name = state.documents.length > 1 ? `, ${state.documents.find((one) => one.number === field.document)?.name ?? ""}` : "";
    const heading = field.anchor ? "At a text" : `Page ${field.page}${name}`;
    if (heading !== last) items.push(h("li", { class: "fe-outline__page" }, heading));
    last = heading;
    items.push(h("li", {}, entry(editor, field)));
  }
  if (sorted.length > LONGEST_LIST) items.push(h("li", { class: "fe-hint" }, `and ${sorted.length - LONGEST_LIST} more`));
  return h("ul", { class: "fe-outline", "aria-label": "All fields" }, items);
}

function entry(editor, field) {
  const kind = editor.state.kinds[field.kind];
  const owner = editor.canvas.owners.get(field.recipient);
  const isLost = field.anchor && !editor.anchors.lookUp(field.anchor).isLooking && !editor.anchors.lookUp(field.anchor).count;
  const isWrong = editor.store.errors.has(field.key) || isLost;
  return h("button", { type: "button", class: `fe-c-${owner?.colour ?? "blue"}`, onclick: () => editor.jumpTo(field.key) },
    icon(kind.icon), h("span", {}, field.label || (field.kind === "radio" && field.options[0]) || kind.label, field.anchor && h("code", {}, field.anchor)),
    isWrong && h("span", { class: "fe-warn" }, isLost ? "not found" : "look here"), h("span", { class: "fe-dot", title: owner?.name }));
}
