// Mouse, pen and finger on the pages: choose, move, resize, draw a box, catch many.

import { h } from "./dom.js";
import { bounds, fitted, onPage, overlaps, snap } from "./geometry.js";

const REACH = 5; // px on the screen within which lines attract
const THRESHOLD = 3; // px before a press becomes a drag
const EDGE = 48; // px from the edge where the pages begin to scroll

export class Pointer {
  constructor({ store, pages, canvas, maker, state }) {
    Object.assign(this, { store, pages, canvas, maker, state });
    this.drag = null;
    const { scroller } = pages;
    scroller.addEventListener("pointerdown", (event) => this.press(event));
    addEventListener("pointermove", (event) => this.drag?.pointerId === event.pointerId && this.move(event));
    addEventListener("pointerup", (event) => this.drag?.pointerId === event.pointerId && this.release(event));
    addEventListener("pointercancel", (event) => this.drag?.pointerId === event.pointerId && this.cancel());
    scroller.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      pages.zoom(-event.deltaY, { x: event.clientX, y: event.clientY });
    }, { passive: false });
    scroller.addEventListener("dblclick", (event) => event.target.closest(".fe-field") && this.onOpen?.());
  }

  press(event) {
    document.body.classList.remove("fe-keys");
    if (event.button !== 0 || event.target.closest(".fe-offer, .fe-page__head")) return;
    const element = event.target.closest(".fe-field");
    const start = { x: event.clientX, y: event.clientY };
    const base = { pointerId: event.pointerId, start, isTouch: event.pointerType === "touch", isMoving: false };
    if (element) this.pressField(event, element, base);
    else if (event.target.closest(".fe-page")) this.pressPaper(event, base);
    else if (!event.shiftKey) this.store.select([]);
  }

  pressField(event, element, base) {
    const { key } = element;
    const handle = event.target.closest("[data-handle]")?.dataset.handle;
    const wasSelected = this.store.selection.has(key);
    if (base.isTouch && !wasSelected) {
      this.drag = { ...base, kind: "tap", key };
      return;
    }
    if (event.shiftKey || event.ctrlKey || event.metaKey) this.store.select([key], { toggle: true });
    else if (!wasSelected) this.store.select([key]);
    if (!this.store.selection.has(key)) return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    const page = this.pages.at(element.box.document, element.box.page);
    const fields = this.store.selected.map((field) => ({ ...field, ...this.canvas.boxesOf(field)[0] }));
    this.drag = { ...base, kind: handle ? "resize" : "move", handle, key, page, from: this.pages.pointOn(page, event.clientX, event.clientY), fields, box: element.box, single: wasSelected && !event.shiftKey };
  }

  pressPaper(event, base) {
    const { page } = event.target.closest(".fe-page");
    const from = this.pages.pointOn(page, event.clientX, event.clientY);
    if (this.maker.armed) {
      event.preventDefault();
      this.drag = { ...base, kind: "draw", page, from };
    } else if (base.isTouch) this.drag = { ...base, kind: "tap", key: null };
    else {
      event.preventDefault();
      this.pages.scroller.focus({ preventScroll: true });
      this.drag = { ...base, kind: "marquee", page, from, before: event.shiftKey ? [...this.store.selection] : [] };
    }
  }

  move(event) {
    const { drag } = this;
    const distance = Math.hypot(event.clientX - drag.start.x, event.clientY - drag.start.y);
    if (!drag.isMoving && distance < THRESHOLD * (drag.isTouch ? 2 : 1)) return;
    drag.isMoving = true;
    drag.last = event;
    if (drag.kind === "tap") return;
    event.preventDefault();
    this.scrollAtEdge();
    this.follow(event);
  }

  follow(event) {
    const { drag } = this;
    if (drag.kind === "move") this.moveFields(event);
    else if (drag.kind === "resize") this.resizeField(event);
    else this.stretch(event);
  }

  moveFields(event) {
    const { drag, pages } = this;
    const page = pages.under(event.clientX, event.clientY) ?? drag.page;
    const at = pages.pointOn(page, event.clientX, event.clientY);
    let [dx, dy] = [at.x - drag.from.x, at.y - drag.from.y];
    const moving = drag.fields.filter((field) => field.document === drag.page.document && field.page === drag.page.page);
    const still = this.boxesOn(page, new Set(drag.fields.map((field) => field.key)));
    const all = bounds(moving.map((field) => ({ ...field, x: field.x + dx, y: field.y + dy })));
    const near = event.altKey ? { dx: 0, dy: 0, guides: [] } : snap(all, still, page.size, REACH / pages.scale);
    [dx, dy] = [dx + near.dx, dy + near.dy];
    this.guides(page, near.guides);
    const together = this.within(moving, dx, dy, page.size);
    const places = new Map(drag.fields.map((field) => {
      const isHere = moving.includes(field);
      const own = isHere ? page : pages.at(field.document, field.page);
      const box = isHere ? together : this.within([field], dx, dy, own.size);
      return [field.key, this.placed(field, own, field.x + box.dx, field.y + box.dy)];
    }));
    this.store.show(this.store.committed.map((field) => (places.has(field.key) ? { ...field, ...places.get(field.key) } : field)));
  }

  // An anchored field moves with all its matches: its offsets change.
  placed(field, page, x, y) {
    if (!field.anchor) return { document: page.document, page: page.page, ...onPage({ ...field, x, y }, page.size) };
    const original = this.store.committed.find((other) => other.key === field.key);
    return {
      anchor_x_offset: Math.round(original.anchor_x_offset + x - field.x),
      anchor_y_offset: Math.round(original.anchor_y_offset + y - field.y),
    };
  }

  // As far as all of them stay on the page.
  within(fields, dx, dy, [width, height]) {
    const all = bounds(fields);
    return {
      dx: Math.max(-all.x, Math.min(dx, width - all.x - all.width)),
      dy: Math.max(-all.y, Math.min(dy, height - all.y - all.height)),
    };
  }

  resizeField(event) {
    const { drag, pages } = this;
    const kind = this.state.kinds[drag.fields[0].kind];
    const at = pages.pointOn(drag.page, event.clientX, event.clientY);
    const { box, handle } = drag;
    const [dx, dy] = [at.x - drag.from.x, at.y - drag.from.y];
    const side = (grows, shrinks, delta) => (handle.includes(grows) ? delta : handle.includes(shrinks) ? -delta : 0);
    let [width, height] = [box.width + side("e", "w", dx), box.height + side("s", "n", dy)];
    if (kind.sizing === "scaled") width = Math.max(width, height * (kind.width / kind.height));
    else if (!event.altKey) [width, height] = this.snappedSize(box, handle, width, height);
    const size = fitted(kind, width, height);
    const x = handle.includes("w") ? box.x + box.width - size.width : box.x;
    const y = handle.includes("n") ? box.y + box.height - size.height : box.y;
    if (x < 0 || y < 0 || x + size.width > drag.page.width + 1 || y + size.height > drag.page.height + 1) return;
    const change = { ...size, x: Math.round(x), y: Math.round(y) };
    this.store.show(this.store.committed.map((field) => (field.key === drag.key ? { ...field, ...change } : field)));
  }

  snappedSize(box, handle, width, height) {
    const others = this.boxesOn(this.drag.page, new Set([this.drag.key]));
    const edge = { x: handle.includes("w") ? box.x + box.width - width : box.x + width, y: handle.includes("n") ? box.y + box.height - height : box.y + height, width: 0, height: 0 };
    const axes = [/[ew]/.test(handle) && "x", /[ns]/.test(handle) && "y"].filter(Boolean);
    const near = snap(edge, others, this.drag.page.size, REACH / this.pages.scale, axes);
    this.guides(this.drag.page, near.guides);
    return [width + (handle.includes("w") ? -near.dx : near.dx), height + (handle.includes("n") ? -near.dy : near.dy)];
  }

  // A rectangle between where it began and where the pointer is: a new field, or the net for many.
  stretch(event) {
    const { drag, pages } = this;
    const at = pages.pointOn(drag.page, event.clientX, event.clientY);
    const [x, y] = [Math.max(0, Math.min(drag.from.x, at.x)), Math.max(0, Math.min(drag.from.y, at.y))];
    const width = Math.min(Math.max(drag.from.x, at.x), drag.page.width) - x;
    const height = Math.min(Math.max(drag.from.y, at.y), drag.page.height) - y;
    drag.rectangle = { x, y, width, height };
    drag.net ??= drag.page.layer.appendChild(h("div", { class: `fe-net fe-net--${drag.kind}` }));
    drag.net.style.cssText = `--x: ${x}; --y: ${y}; --bw: ${width}; --bh: ${height}`;
    if (drag.kind !== "marquee") return;
    const caught = this.boxesOn(drag.page).filter((box) => overlaps(box, drag.rectangle)).map((box) => box.key);
    this.store.select([...drag.before, ...caught]);
  }

  release(event) {
    const { drag } = this;
    this.drag = null;
    this.clear(drag);
    if (drag.kind === "tap") {
      if (!drag.isMoving) this.tap(drag.key);
    } else if (drag.kind === "draw") {
      const drawn = drag.isMoving && drag.rectangle.width > 10 ? drag.rectangle : null;
      this.maker.placeAt(drag.page, drag.from, drawn, { keep: event.shiftKey });
    } else if (drag.kind === "marquee") {
      if (!drag.isMoving) this.store.select(drag.before);
    } else if (drag.isMoving) this.store.commit();
    else if (drag.single && this.store.selection.size > 1) this.store.select([drag.key]);
  }

  tap(key) {
    this.store.select(key ? [key] : []);
    if (key) this.canvas.elementOf(key)?.focus({ preventScroll: true });
  }

  cancel() {
    if (!this.drag) return false;
    this.clear(this.drag);
    this.drag = null;
    this.store.drop();
    return true;
  }

  clear(drag) {
    drag.net?.remove();
    for (const guide of document.querySelectorAll(".fe-guide")) guide.remove();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  boxesOn(page, except = new Set()) {
    return [...page.layer.children].filter((element) => element.key && !except.has(element.key)).map((element) => ({ ...element.box, key: element.key }));
  }

  guides(page, guides) {
    for (const guide of document.querySelectorAll(".fe-guide")) guide.remove();
    for (const { axis, at } of guides) page.layer.append(h("div", { class: `fe-guide fe-guide--${axis}`, style: `--at: ${at}` }));
  }

  scrollAtEdge() {
    if (this.frame) return;
    const step = () => {
      this.frame = 0;
      if (!this.drag?.last) return;
      const view = this.pages.scroller.getBoundingClientRect();
      const { clientY } = this.drag.last;
      const speed = clientY < view.top + EDGE ? clientY - view.top - EDGE : clientY > view.bottom - EDGE ? clientY - view.bottom + EDGE : 0;
      if (!speed) return;
      this.pages.scroller.scrollBy(0, speed / 4);
      this.follow(this.drag.last);
      this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }
}
