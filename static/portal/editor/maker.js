// New fields: of which kind, whose, where, how large.

import { announce } from "./dom.js";
import { fitted, onPage, overlaps } from "./geometry.js";

const BLANK = {
  id: null, anchor: "", anchor_x_offset: 0, anchor_y_offset: 0, required: true, label: "", tooltip: "", value: "", locked: false,
  group: "", options: [], max_length: null, validation_pattern: "", validation_message: "", font_size: null,
};
const OPTIONAL = ["checkbox", "attachment"]; // what is rarely meant to be demanded
const GAP = 8;

export class Maker {
  constructor({ store, pages, state }) {
    Object.assign(this, { store, pages, state });
    this.armed = ""; // the kind that the next press on a page places
    this.owner = state.recipients.find((recipient) => recipient.signs)?.number ?? null;
    this.sizes = new Map(); // kind → the last size given to one
    store.on("committed", () => this.remember());
  }

  // New fields are as large as the last of their kind was made.
  remember() {
    for (const field of this.store.selected) {
      if (!field.anchor) this.sizes.set(field.kind, { width: field.width, height: field.height });
    }
  }

  arm(kind) {
    this.armed = this.armed === kind ? "" : kind;
    this.onArm?.(this.armed);
  }

  setOwner(number) {
    this.owner = number;
    this.onOwner?.(number);
  }

  field(kind, changes) {
    const { width, height } = this.state.kinds[kind];
    const needed = { list: { options: ["Option 1", "Option 2"] }, note: { value: "Note" } }[kind] ?? {};
    return { ...BLANK, kind, recipient: this.owner, width, height, required: !OPTIONAL.includes(kind), ...this.sizes.get(kind), ...needed, ...changes };
  }

  // The middle of the new field at `at`, or the field as drawn.
  placeAt(page, at, drawn = null, { keep = false, kind = this.armed } = {}) {
    if (!kind) return;
    if (!keep) this.arm("");
    if (this.owner === null) {
      announce("Add a signer first: fields belong to somebody.");
      return;
    }
    const traits = this.state.kinds[kind];
    const blank = this.field(kind, { document: page.document, page: page.page });
    const size = drawn ? fitted(traits, drawn.width, drawn.height) : fitted(traits, blank.width, blank.height);
    size.width = Math.min(size.width, Math.floor(page.width));
    size.height = Math.min(size.height, Math.floor(page.height));
    const wanted = drawn ?? { x: at.x - size.width / 2, y: at.y - size.height / 2 };
    const field = { ...blank, ...size, ...onPage({ ...wanted, ...size }, page.size) };
    this.store.add(kind === "radio" ? this.pairOfRadios(field, page) : [field]);
    announce(`${traits.label} placed on page ${page.page}.`);
    this.onPlaced?.();
  }

  // By keyboard or tap: in the middle of what is seen, where nothing stands yet.
  placeInView(kind) {
    const view = this.pages.inView();
    if (!view) return;
    const { width, height } = this.field(kind, {});
    const taken = this.store.fields.filter((field) => field.document === view.page.document && field.page === view.page.page);
    const box = { x: view.x - width / 2, y: view.y - height / 2, width, height };
    for (let tries = 0; tries < 40 && taken.some((other) => overlaps(other, box)); tries += 1) {
      box.y += height + GAP;
      if (box.y + height > view.page.height) Object.assign(box, { x: box.x + width + GAP, y: view.y - height / 2 });
    }
    this.placeAt(view.page, { x: box.x + width / 2, y: box.y + height / 2 }, null, { kind });
  }

  // A single radio button is no choice.
  pairOfRadios(first, page) {
    const group = this.freeGroup(first.recipient);
    const one = { ...first, group, options: ["Option 1"] };
    const second = { ...one, options: ["Option 2"] };
    return [one, { ...second, ...onPage({ ...second, y: first.y + first.height + GAP }, page.size) }];
  }

  freeGroup(owner) {
    const taken = new Set(this.store.fields.filter((field) => field.recipient === owner).map((field) => field.group));
    let number = 1;
    while (taken.has(`Choice ${number}`)) number += 1;
    return `Choice ${number}`;
  }

  addRadio(field) {
    const siblings = this.store.fields.filter((other) => other.kind === "radio" && other.group === field.group && other.recipient === field.recipient);
    const taken = new Set(siblings.map((other) => other.options[0]));
    let number = siblings.length + 1;
    while (taken.has(`Option ${number}`)) number += 1;
    const last = siblings.reduce((low, other) => (other.y > low.y ? other : low), field);
    const page = this.pages.at(last.document, last.page);
    const y = last.y + last.height + GAP;
    this.store.add([{ ...last, value: "", options: [`Option ${number}`], ...(page ? onPage({ ...last, y }, page.size) : {}) }]);
  }
}
