// What the documents offer by themselves: fields of a PDF form, and places that ask for something. Never in the way:
// suggestions are faint, stand below all fields, and each page is accepted or sent away as a whole or one by one.

import { announce, h, icon, plural } from "./dom.js";
import { fitted, onPage, overlaps } from "./geometry.js";

export class Offers {
  constructor({ store, pages, maker, state }) {
    Object.assign(this, { store, pages, maker, state });
    this.forms = new Map(); // number of the document → fields of its form
    this.suggestions = []; // {document, page, kind, x, y, width, height, reason}
    this.isShown = localStorage.getItem("signing-portal-suggestions") !== "off";
    store.on("committed", () => this.draw());
  }

  async load() {
    for (const document of this.state.documents) {
      let answer;
      try {
        const response = await fetch(this.state.urls.offers.replace("/offers/0/", `/offers/${document.number}/`));
        if (!response.ok) continue;
        answer = await response.json();
      } catch {
        continue; // offers can wait
      }
      const form = answer.form.map((field) => ({ ...field, document: document.number }));
      if (form.length && !this.isDismissed(document, "form")) this.forms.set(document.number, form);
      this.suggestions.push(...answer.suggestions.map((one) => ({ ...one, document: document.number, id: `${one.page}:${one.x}:${one.y}` })).filter((one) => !this.isDismissed(document, one.id)));
      this.draw();
      this.onChange?.();
    }
  }

  // Sent away for good, in this browser, for this content.

  shelf(document) {
    return `signing-portal-dismissed-${document.version}`;
  }

  isDismissed(document, id) {
    return (localStorage.getItem(this.shelf(document)) ?? "").split(" ").includes(id);
  }

  dismiss(number, ids) {
    const document = this.state.documents.find((one) => one.number === number);
    localStorage.setItem(this.shelf(document), [localStorage.getItem(this.shelf(document)) ?? "", ...ids].join(" ").slice(-20000));
  }

  // Suggestions

  get open() {
    const others = [...this.forms.values()].flat();
    const taken = new Map();
    for (const field of [...this.store.committed, ...others]) {
      if (field.anchor) continue;
      const key = `${field.document}/${field.page}`;
      taken.set(key, [...(taken.get(key) ?? []), field]);
    }
    return this.suggestions.filter((one) => !(taken.get(`${one.document}/${one.page}`) ?? []).some((field) => overlaps(one, field)));
  }

  draw() {
    for (const element of document.querySelectorAll(".fe-offer, .fe-offers")) element.remove();
    if (!this.isShown || this.maker.owner === null) return;
    const byPage = new Map();
    for (const one of this.open) {
      const page = this.pages.at(one.document, one.page);
      if (page) byPage.set(page, [...(byPage.get(page) ?? []), one]);
    }
    for (const [page, offers] of byPage) {
      page.head.append(this.bar(page, offers));
      page.layer.prepend(...offers.map((one) => this.ghost(one)));
    }
  }

  bar(page, offers) {
    return h("span", { class: "fe-offers" }, icon("auto_awesome"), plural(offers.length, "suggestion", "suggestions"),
      h("button", { type: "button", onclick: () => this.accept(offers) }, "Accept all"),
      h("button", { type: "button", onclick: () => this.reject(offers) }, "Dismiss"));
  }

  ghost(one) {
    const kind = this.state.kinds[one.kind];
    const name = `${kind.label}${one.reason ? ` at “${one.reason}”` : ""}`;
    return h("span", { class: "fe-offer", role: "group", "aria-label": `Suggestion: ${name}`, style: `--x: ${one.x}; --y: ${one.y}; --bw: ${one.width}; --bh: ${one.height}` },
      h("button", { type: "button", title: `Add: ${name}`, "aria-label": `Add: ${name}`, onclick: () => this.accept([one]) }, icon("add"), one.width > 60 ? h("span", {}, kind.label) : null),
      h("button", { type: "button", class: "fe-offer__no", title: "Dismiss", "aria-label": `Dismiss: ${name}`, onclick: () => this.reject([one]) }, icon("close")));
  }

  accept(offers) {
    this.store.add(offers.map((one) => {
      const size = fitted(this.state.kinds[one.kind], one.width, one.height);
      const page = this.pages.at(one.document, one.page);
      const label = one.kind === "text" || one.kind === "number" || one.kind === "checkbox" ? (one.reason ?? "").slice(0, 100) : "";
      return this.maker.field(one.kind, { document: one.document, page: one.page, label, ...size, ...onPage({ ...one, ...size }, page.size) });
    }));
    announce(`${plural(offers.length, "field", "fields")} added.`);
  }

  reject(offers) {
    const ids = new Set(offers.map((one) => one.id));
    const { document } = offers[0];
    this.suggestions = this.suggestions.filter((one) => !(one.document === document && ids.has(one.id)));
    this.dismiss(document, ids);
    this.draw();
    this.onChange?.();
  }

  toggle() {
    this.isShown = !this.isShown;
    localStorage.setItem("signing-portal-suggestions", this.isShown ? "on" : "off");
    this.draw();
    this.onChange?.();
  }

  // Forms

  cards() {
    const cards = [...this.forms].map(([number, fields]) => this.card(number, fields));
    if (this.open.length) {
      cards.push(h("div", { class: "fe-offer-line" }, icon("auto_awesome"), h("span", {}, plural(this.open.length, "suggestion", "suggestions")),
        h("button", { type: "button", class: "fe-link", "aria-pressed": String(this.isShown), onclick: () => this.toggle() }, this.isShown ? "Hide" : "Show")));
    }
    return cards;
  }

  card(number, fields) {
    const { name } = this.state.documents.find((one) => one.number === number);
    const blank = fields.filter((field) => !field.is_filled);
    const filled = fields.length - blank.length;
    const owner = this.state.recipients.find((recipient) => recipient.number === this.maker.owner);
    return h("div", { class: "fe-card" },
      h("strong", {}, icon("dynamic_form"), "This PDF has a form"),
      h("p", {}, `“${name}” has ${plural(blank.length, "field", "fields")} of its own to fill in.`, filled ? ` ${plural(filled, "is", "are")} filled in already and printed as they are.` : ""),
      h("div", { class: "fe-card__actions" },
        owner && blank.length ? h("button", { type: "button", class: "fe-button fe-button--primary", onclick: () => this.keep(number, blank) }, `Keep as fields for ${owner.name}`) : null,
        h("button", { type: "button", class: "fe-button", onclick: () => this.drop(number) }, "Ignore the form")));
  }

  keep(number, fields) {
    const made = fields.filter((field) => this.pages.at(number, field.page)).map(({ is_filled, ...field }) => {
      const size = fitted(this.state.kinds[field.kind], field.width, field.height);
      const { size: room } = this.pages.at(number, field.page);
      // Kinds that keep their shape stand on the lower edge of the form's box, small ones in its middle.
      const y = this.state.kinds[field.kind].sizing === "scaled" ? field.y + field.height - size.height : field.y + (field.height - size.height) / 2;
      return this.maker.field(field.kind, { ...field, ...size, ...onPage({ ...field, ...size, y }, room) });
    });
    this.forms.delete(number);
    this.dismiss(number, ["form"]);
    this.store.add(made, { select: false });
    announce(`${plural(made.length, "field", "fields")} taken from the form.`);
  }

  drop(number) {
    this.forms.delete(number);
    this.dismiss(number, ["form"]);
    this.draw();
    this.onChange?.();
  }
}
