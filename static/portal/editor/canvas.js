// Fields on the pages. One element per field, or per match of its anchor.

import { h, icon } from "./dom.js";
import { inReadingOrder } from "./geometry.js";
import { exampleOf } from "./examples.js";

const HANDLES = { free: ["n", "e", "s", "w", "nw", "ne", "se", "sw"], scaled: ["nw", "ne", "se", "sw"], fixed: [] };
// Where more would cover the field, so that it could not be moved.
const FEW_HANDLES = { free: ["e", "w", "se"], scaled: ["se"], fixed: [] };
const FEWEST_HANDLES = { free: ["se"], scaled: ["se"], fixed: [] }; // for fingers
const ROOM_FOR_ALL = 36; // px on the screen

export class Canvas {
  constructor(store, pages, state, anchors) {
    Object.assign(this, { store, pages, state, anchors });
    this.kinds = state.kinds;
    this.owners = new Map(state.recipients.map((recipient) => [recipient.number, recipient]));
    this.drawn = new Map(); // key → {field, elements, isSelected, isWrong, version}
    store.on("fields selection", () => this.draw());
    anchors.onFound = () => this.draw();
    this.draw();
  }

  get isPreview() {
    return this.state.preview !== null;
  }

  // Where the field stands: once, or wherever its anchor is found.
  boxesOf(field) {
    if (field.anchor) return this.anchors.boxesFor(field);
    return [field];
  }

  draw() {
    const seen = new Set();
    for (const field of this.store.fields) {
      if (this.isPreview && field.recipient !== this.state.preview) continue;
      seen.add(field.key);
      const before = this.drawn.get(field.key);
      const isSelected = this.store.selection.has(field.key) && (this.store.selection.size === 1 ? "alone" : "among others");
      const isWrong = this.store.errors.has(field.key);
      const version = field.anchor ? this.anchors.versionOf(field.anchor) : 0;
      const isSame = before && before.field === field && before.isSelected === isSelected && before.isWrong === isWrong && before.version === version;
      if (!isSame) this.drawn.set(field.key, { field, isSelected, isWrong, version, elements: this.place(field, before?.elements ?? [], isSelected, isWrong) });
    }
    for (const [key, { elements }] of this.drawn) {
      if (seen.has(key)) continue;
      // The keyboard goes on from the pages, not from nowhere.
      if (elements.includes(document.activeElement)) this.pages.scroller.focus({ preventScroll: true });
      for (const element of elements) element.remove();
      this.drawn.delete(key);
    }
  }

  place(field, old, isSelected, isWrong) {
    const boxes = this.boxesOf(field).filter((box) => this.pages.at(box.document, box.page));
    const elements = boxes.map((box, index) => {
      const element = old[index] ?? this.make(field);
      this.dress(element, field, box, { isSelected, isWrong, index, count: boxes.length });
      const { layer } = this.pages.at(box.document, box.page);
      if (element.parentElement !== layer) this.insert(layer, element);
      return element;
    });
    for (const element of old.slice(boxes.length)) element.remove();
    return elements;
  }

  // In reading order, which is the order of the Tab key. A moved field keeps its turn until the page is loaded again:
  // moving the element would take the focus away.
  insert(layer, element) {
    const hadFocus = element === document.activeElement;
    const after = [...layer.children].find((other) => other.box && inReadingOrder(other.box, element.box) > 0);
    layer.insertBefore(element, after ?? null);
    if (hadFocus) element.focus({ preventScroll: true });
  }

  make(field) {
    const element = h(this.isPreview ? "div" : "button", { class: "fe-field" }, h("span", { class: "fe-field__face" }));
    element.key = field.key;
    if (this.isPreview) element.setAttribute("role", "img");
    else element.type = "button";
    return element;
  }

  dress(element, field, box, { isSelected, isWrong, index, count }) {
    const kind = this.kinds[field.kind];
    const owner = this.owners.get(field.recipient);
    const isBigger = Boolean(isSelected) && !this.isPreview;
    element.box = box;
    element.style.cssText = `--x: ${box.x}; --y: ${box.y}; --bw: ${box.width}; --bh: ${box.height}`;
    element.className = `fe-field fe-field--${field.kind} fe-c-${owner?.colour ?? "blue"}`;
    element.classList.toggle("fe-field--selected", isBigger);
    element.classList.toggle("fe-field--ghost", Boolean(field.anchor));
    element.classList.toggle("fe-field--wrong", isWrong);
    element.classList.toggle("fe-field--optional", kind.columns.includes("required") && !field.required);
    if (index === 0 && field.id) element.id = `tab-${field.id}`;
    const face = element.firstChild;
    face.replaceChildren(...this.face(field, kind, owner));
    const size = field.font_size ?? (kind.columns.includes("font_size") ? 9 : 0);
    face.style.setProperty("--fs", size || Math.min(box.height * 0.5, 11));
    element.setAttribute("aria-label", this.describe(field, kind, owner, box, index, count));
    if (!this.isPreview) {
      element.setAttribute("aria-pressed", String(Boolean(isSelected)));
      element.tabIndex = index === 0 ? 0 : -1;
      this.giveHandles(element, isSelected === "alone" && !field.anchor ? this.handlesFor(kind, box) : []);
    }
  }

  face(field, kind, owner) {
    if (this.isPreview) return exampleOf(field, owner);
    if (kind.sizing === "fixed") return [];
    const text = (field.value && kind.columns.includes("value") && field.value) || field.label || kind.label;
    const parts = [icon(field.anchor ? "anchor" : kind.icon), h("span", {}, text)];
    if (kind.columns.includes("required") && field.required && !field.locked) parts.push(h("i", { "aria-hidden": "true" }, "*"));
    if (field.locked) parts.push(icon("lock"));
    return parts;
  }

  handlesFor(kind, box) {
    const isTouch = matchMedia("(pointer: coarse)").matches;
    const isSmall = Math.min(box.width, box.height) * this.pages.scale < ROOM_FOR_ALL * (isTouch ? 1.5 : 1);
    return (!isSmall ? HANDLES : isTouch ? FEWEST_HANDLES : FEW_HANDLES)[kind.sizing];
  }

  giveHandles(element, names) {
    for (const handle of element.querySelectorAll(".fe-handle")) handle.remove();
    for (const name of names) element.append(h("span", { class: `fe-handle fe-handle--${name}`, "data-handle": name, "aria-hidden": "true" }));
  }

  describe(field, kind, owner, box, index, count) {
    const parts = [`${kind.label} for ${owner?.name ?? "nobody"}`];
    if (field.label) parts.push(field.label);
    if (field.options?.length && field.kind === "radio") parts.push(field.options[0]);
    if (kind.columns.includes("required")) parts.push(field.required ? "required" : "optional");
    if (field.anchor) parts.push(`at the text ${field.anchor}, match ${index + 1} of ${count}`);
    parts.push(`page ${box.page}, ${box.x} from the left, ${box.y} from the top`);
    return parts.join(", ");
  }

  elementOf(key) {
    return this.drawn.get(key)?.elements[0] ?? null;
  }

  reveal(key, { focus = true } = {}) {
    const element = this.elementOf(key);
    if (!element) return;
    const page = this.pages.at(element.box.document, element.box.page);
    this.pages.show(page, element.box.y);
    if (focus) element.focus({ preventScroll: true });
  }
}
