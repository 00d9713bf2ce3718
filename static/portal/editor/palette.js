// Kinds of fields to place, and whose they will be. Press to arm, drag onto the page, Enter or tap to insert.

import { h, icon } from "./dom.js";

const ORDER = "sign_here initial_here date_signed full_name email_address company title text number date checkbox radio list note attachment approve decline".split(" ");
export const LETTERS = { s: "sign_here", i: "initial_here", d: "date_signed", n: "full_name", e: "email_address", c: "company", j: "title", t: "text", m: "number", a: "date", x: "checkbox", r: "radio", l: "list", o: "note", f: "attachment", v: "approve", w: "decline" };
const THRESHOLD = 5;

export class Palette {
  constructor(root, { maker, pages, state, store }) {
    Object.assign(this, { root, maker, pages, state, store });
    this.buttons = new Map();
    const letters = Object.fromEntries(Object.entries(LETTERS).map(([letter, kind]) => [kind, letter]));
    const grid = h("div", { class: "fe-kinds", role: "group", "aria-label": "Kinds of fields" });
    for (const kind of ORDER) grid.append(this.button(kind, letters[kind]));
    root.append(this.owners(), grid);
    maker.onArm = (armed) => this.show(armed);
    maker.onOwner = () => this.showOwner();
    this.showOwner();
  }

  owners() {
    const signers = this.state.recipients.filter((recipient) => recipient.signs);
    this.list = h("div", { class: "fe-owners", role: "radiogroup", "aria-label": "Fields for" });
    signers.forEach((recipient, index) => {
      const input = h("input", { type: "radio", name: "fe-owner", value: String(recipient.number), onchange: () => this.maker.setOwner(recipient.number) });
      this.list.append(h("label", { class: `fe-owner fe-c-${recipient.colour}`, title: index < 9 ? `${recipient.name} (${index + 1})` : recipient.name }, input, h("span", { class: "fe-dot" }), h("span", { class: "fe-owner__name" }, recipient.name)));
    });
    if (!signers.length) this.list.append(h("p", { class: "fe-empty" }, "No signers yet: add them in the first step."));
    return this.list;
  }

  showOwner() {
    for (const input of this.list.querySelectorAll("input")) input.checked = Number(input.value) === this.maker.owner;
    const owner = this.state.recipients.find((recipient) => recipient.number === this.maker.owner);
    this.root.className = `fe-palette fe-c-${owner?.colour ?? "blue"}`;
  }

  button(kind, letter) {
    const { label, icon: symbol } = this.state.kinds[kind];
    const button = h("button", { type: "button", class: "fe-kind", "aria-pressed": "false", "aria-keyshortcuts": letter, title: `${label} (${letter.toUpperCase()})` }, icon(symbol), h("span", {}, label));
    button.addEventListener("pointerdown", (event) => this.press(event, kind));
    // Clicks without a pointer (Enter, Space, helps that press buttons) and taps. Not before the click of a tap: what
    // the new field brings up would be clicked instead.
    button.addEventListener("click", (event) => {
      if (event.detail === 0 || this.tapped === kind) this.maker.placeInView(kind);
      this.tapped = "";
    });
    this.buttons.set(kind, button);
    return button;
  }

  show(armed) {
    for (const [kind, button] of this.buttons) button.setAttribute("aria-pressed", String(kind === armed));
    document.body.classList.toggle("fe-armed", Boolean(armed));
  }

  press(event, kind) {
    if (event.button !== 0) return;
    const start = { x: event.clientX, y: event.clientY };
    const isTouch = event.pointerType === "touch";
    const { pointerId } = event;
    let shadow = null;
    if (event.target.hasPointerCapture?.(pointerId)) event.target.releasePointerCapture(pointerId);
    const move = (moved) => {
      if (moved.pointerId !== pointerId) return;
      if (!shadow && Math.hypot(moved.clientX - start.x, moved.clientY - start.y) < THRESHOLD * (isTouch ? 2 : 1)) return;
      shadow ??= this.shadow(kind);
      moved.preventDefault();
      shadow.style.left = `${moved.clientX}px`;
      shadow.style.top = `${moved.clientY}px`;
    };
    const stop = (ended) => {
      if (ended.pointerId !== pointerId) return;
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", stop);
      removeEventListener("pointercancel", stop);
      shadow?.remove();
      if (ended.type === "pointercancel") return;
      if (!shadow && isTouch) this.tapped = kind;
      if (!shadow) return isTouch || this.maker.arm(kind);
      const page = this.pages.under(ended.clientX, ended.clientY);
      if (page) this.maker.placeAt(page, this.pages.pointOn(page, ended.clientX, ended.clientY), null, { kind });
    };
    addEventListener("pointermove", move, { passive: false });
    addEventListener("pointerup", stop);
    addEventListener("pointercancel", stop);
  }

  // What hangs at the pointer, as large as it will be.
  shadow(kind) {
    const { width, height } = this.maker.field(kind, {});
    const { label, icon: symbol } = this.state.kinds[kind];
    const { scale } = this.pages;
    const colour = [...this.root.classList].find((name) => name.startsWith("fe-c-"));
    return document.body.appendChild(h("div", { class: `fe-shadow ${colour}`, style: `width: ${width * scale}px; height: ${height * scale}px` }, icon(symbol), width > 50 ? h("span", {}, label) : null));
  }
}
