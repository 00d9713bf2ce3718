// Where a field stands: at a position, or at a text.

import { h } from "./dom.js";

export function placeOf(editor, controls, field, kind) {
  const { panel, pages, anchors } = editor;
  const sized = (change) => (one) => panel.sized(one, change);
  const size = kind.sizing === "fixed" ? [] : [
    controls.number("width", "Width", { least: 4, write: (width) => sized({ width }) }),
    controls.number("height", "Height", { least: 4, write: (height) => sized({ height }) }),
  ];
  return h("fieldset", { class: "fe-group" },
    h("legend", {}, "Place"),
    toggle(editor, field),
    field.anchor ? byAnchor(controls, anchors, size) : byPosition(editor, controls, panel, pages, field, size));
}

function toggle(editor, field) {
  const { store, anchors } = editor;
  const option = (isAnchor, text) => {
    const isOn = Boolean(field.anchor) === isAnchor;
    return h("button", { type: "button", "aria-pressed": String(isOn), onclick: () => !isOn && turn(isAnchor) }, text);
  };
  const turn = (isAnchor) => {
    const [one] = store.selected;
    if (isAnchor) {
      const owner = editor.state.recipients.findIndex((recipient) => recipient.number === one.recipient);
      store.change([one.key], () => ({ anchor: `/sn${owner + 1}/`, document: null, page: null, x: null, y: null }));
    } else {
      const view = editor.pages.inView();
      const { document, page, x, y } = anchors.boxesFor(one)[0] ?? { document: view.page.document, page: view.page.page, x: Math.round(view.x), y: Math.round(view.y) };
      store.change([one.key], () => ({ anchor: "", anchor_x_offset: 0, anchor_y_offset: 0, document, page, x, y, width: one.width ?? editor.state.kinds[one.kind].width, height: one.height ?? editor.state.kinds[one.kind].height }));
    }
    editor.panel.root.querySelector("fieldset button[aria-pressed=true]")?.focus();
  };
  return h("div", { class: "fe-toggle", role: "group", "aria-label": "Placed" }, option(false, "At a position"), option(true, "At a text"));
}

function byPosition(editor, controls, panel, pages, field, size) {
  const options = pages.pages.map((page) => [`${page.document}/${page.page}`, pages.state.documents.length > 1 ? `${page.page} · ${pages.state.documents.find((one) => one.number === page.document).name}` : String(page.page)]);
  const select = h("select", {}, options.map(([value, text]) => h("option", { value }, text)));
  controls.syncs.push(([one]) => (select.value = `${one.document}/${one.page}`));
  select.addEventListener("change", () => {
    const [document, page] = select.value.split("/").map(Number);
    controls.change((one) => ({ document, page, ...panel.kept({ ...one, document, page }, {}) }));
    editor.canvas.reveal(field.key, { focus: false });
  });
  return h("div", { class: "fe-grid" },
    controls.row("Page", select, { name: "page" }),
    controls.number("x", "From left", { write: (x) => (one) => panel.kept(one, { x }) }),
    controls.number("y", "From top", { write: (y) => (one) => panel.kept(one, { y }) }),
    ...size);
}

function byAnchor(controls, anchors, size) {
  const input = h("input", { maxLength: 100, autocomplete: "off", spellcheck: false });
  let timer = 0;
  // While one types, what is half a word is neither searched for nor saved.
  const commit = () => {
    clearTimeout(timer);
    if (input.value.trim()) controls.change(() => ({ anchor: input.value.trim() }), "text anchor");
  };
  controls.syncs.push(([one]) => {
    if (input !== document.activeElement) input.value = one.anchor;
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(commit, 500);
  });
  input.addEventListener("change", commit);
  const said = h("p", { class: "fe-found", role: "status" });
  controls.syncs.push(([one]) => {
    const { text, isBad } = anchors.say(one.anchor);
    if (said.textContent !== text) said.textContent = text;
    said.classList.toggle("fe-found--bad", isBad);
  });
  return h("div", {},
    controls.row("Text in the documents", input, { name: "anchor" }),
    said,
    h("div", { class: "fe-grid" },
      controls.number("anchor_x_offset", "Right by", { least: -5000 }),
      controls.number("anchor_y_offset", "Down by", { least: -5000 }),
      ...size));
}
