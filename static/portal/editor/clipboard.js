// Copies: within the page, onto other pages, between envelopes (for an hour, in this browser).

import { announce, plural } from "./dom.js";
import { onPage } from "./geometry.js";

const SHELF = "signing-portal-fields";
const KEEP_MILLISECONDS = 60 * 60 * 1000;
const STEP = 12;

export class Clipboard {
  constructor({ store, pages, maker, state }) {
    Object.assign(this, { store, pages, maker, state });
  }

  copy() {
    const fields = this.store.selected;
    if (!fields.length) return;
    localStorage.setItem(SHELF, JSON.stringify({ at: Date.now(), fields: fields.map(({ key, id, ...field }) => field) }));
    announce(`${plural(fields.length, "field", "fields")} copied.`);
  }

  cut() {
    this.copy();
    this.store.remove([...this.store.selection]);
  }

  // On the page in view; beside the original when that is where it came from.
  paste() {
    const view = this.pages.inView();
    const shelf = this.shelf();
    if (!view || !shelf.length) return;
    const { page } = view;
    const fields = shelf.map((field) => {
      const recipient = this.state.recipients.some((known) => known.number === field.recipient) ? field.recipient : this.maker.owner;
      if (field.anchor) return { ...field, recipient };
      const moved = this.freed({ ...field, document: page.document, page: page.page });
      return { ...moved, recipient, ...onPage(moved, page.size) };
    });
    this.store.add(this.regrouped(fields));
    announce(`${plural(fields.length, "field", "fields")} pasted on page ${page.page}.`);
  }

  shelf() {
    try {
      const { at, fields } = JSON.parse(localStorage.getItem(SHELF));
      return Date.now() - at < KEEP_MILLISECONDS ? fields.filter((field) => this.state.kinds[field.kind]) : [];
    } catch {
      return [];
    }
  }

  freed(field) {
    const isTaken = (place) => this.store.fields.some((other) => other.document === place.document && other.page === place.page && other.x === place.x && other.y === place.y);
    const free = { ...field };
    while (isTaken(free)) Object.assign(free, { x: free.x + STEP, y: free.y + STEP });
    return free;
  }

  duplicate() {
    const fields = this.store.selected.map((field) => {
      if (field.anchor) return field;
      const moved = this.freed({ ...field, x: field.x + STEP, y: field.y + STEP });
      return { ...moved, ...onPage(moved, this.pages.at(field.document, field.page).size) };
    });
    if (fields.length) this.store.add(this.regrouped(fields));
  }

  // The same place on every other page of the document.
  toAllPages() {
    const made = [];
    for (const field of this.store.selected.filter((one) => !one.anchor)) {
      for (const page of this.pages.pages) {
        if (page.document !== field.document || page.page === field.page) continue;
        const place = { document: page.document, page: page.page, ...onPage(field, page.size) };
        const isThere = this.store.fields.some((other) => other.kind === field.kind && other.recipient === field.recipient && other.document === page.document && other.page === page.page && other.x === place.x && other.y === place.y);
        if (!isThere) made.push({ ...field, ...place });
      }
    }
    if (!made.length) return announce("Nothing to copy: it stands on every page already.");
    this.store.add(this.regrouped(made), { select: false });
    announce(`Copied to ${plural(new Set(made.map((field) => field.page)).size, "page", "pages")}.`);
  }

  // Copied radio buttons are a choice of their own, on each page they come to.
  regrouped(fields) {
    const names = new Map();
    const taken = new Set(this.store.fields.map((field) => field.group));
    return fields.map((field) => {
      if (field.kind !== "radio") return field;
      const old = `${field.group}|${field.recipient}|${field.document}|${field.page}`;
      if (!names.has(old)) {
        let number = 2;
        const stem = field.group.replace(/ \d+$/, "");
        while (taken.has(`${stem} ${number}`)) number += 1;
        names.set(old, `${stem} ${number}`);
        taken.add(`${stem} ${number}`);
      }
      return { ...field, group: names.get(old) };
    });
  }
}
