// The pages: paper of the right size at once, pictures when one comes near.

import { h } from "./dom.js";

const WIDTHS = [160, 480, 800, 1200, 1800, 2400]; // as the server makes them
const ZOOMS = [0.4, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3];
const RETRIES = 2; // the server draws only a few pages at once
const RETRY_MILLISECONDS = 3000;
const PATIENCE_MILLISECONDS = 120; // pages that only fly by are not asked for

export class Pages {
  constructor(scroller, state) {
    this.scroller = scroller;
    this.state = state;
    this.pages = [];
    this.byPlace = new Map();
    this.scale = 1;
    this.isFitted = true;
    this.observer = new IntersectionObserver((entries) => this.onSight(entries), { root: scroller, rootMargin: "100% 0px" });
    this.sheet = h("div", { class: "fe-sheets" });
    for (const document of state.documents) this.addDocument(document);
    scroller.append(this.sheet);
    this.fit();
    new ResizeObserver(() => this.isFitted && this.fit()).observe(scroller);
  }

  addDocument(document) {
    const group = h("section", { class: "fe-document", "aria-label": document.name });
    group.append(h("h2", {}, document.name));
    document.pages.forEach(([width, height], index) => {
      const number = index + 1;
      const name = `Page ${number} of ${document.pages.length}`;
      const head = h("div", { class: "fe-page__head" }, h("span", {}, name));
      const image = h("img", { alt: "", draggable: false });
      const layer = h("div", { class: "fe-layer", role: "group", "aria-label": `${name}, ${document.name}` });
      const paper = h("div", { class: "fe-page" }, image, layer);
      group.append(h("div", { class: "fe-leaf", style: `--w: ${width}; --h: ${height}` }, head, paper));
      const page = { document: document.number, page: number, width, height, size: [width, height], paper, layer, head, image, version: document.version };
      paper.page = page;
      this.pages.push(page);
      this.byPlace.set(`${document.number}/${number}`, page);
      this.observer.observe(paper);
    });
    this.sheet.append(group);
  }

  at(document, page) {
    return this.byPlace.get(`${document}/${page}`);
  }

  onSight(entries) {
    for (const { target, isIntersecting } of entries) {
      const { page } = target;
      page.isNear = isIntersecting;
      if (isIntersecting) setTimeout(() => page.isNear && this.load(page), PATIENCE_MILLISECONDS);
    }
  }

  load(page) {
    const wanted = page.width * this.scale * Math.min(devicePixelRatio, 2);
    const width = WIDTHS.find((known) => known >= wanted) ?? WIDTHS.at(-1);
    if (page.loaded >= width) return;
    page.loaded = width;
    const image = new Image();
    image.draggable = false;
    image.alt = "";
    image.onload = () => {
      page.image.replaceWith(image);
      page.image = image;
      delete page.paper.dataset.problem;
      page.paper.classList.add("fe-page--shown");
    };
    image.onerror = () => {
      page.loaded = 0;
      page.failures = (page.failures ?? 0) + 1;
      if (page.failures <= RETRIES) return setTimeout(() => page.isNear && this.load(page), page.failures * RETRY_MILLISECONDS);
      page.paper.dataset.problem = "This page cannot be shown here. Fields can be placed on it all the same.";
    };
    const address = this.state.urls.image.replace("/documents/0/pages/0/", `/documents/${page.document}/pages/${page.page}/`);
    image.src = `${address}?width=${width}&v=${page.version}`;
  }

  // Zoom

  setScale(scale, anchor = null) {
    const old = this.scale;
    const rect = this.scroller.getBoundingClientRect();
    const [x, y] = anchor ? [anchor.x - rect.left, anchor.y - rect.top] : [rect.width / 2, rect.height / 3];
    const [left, top] = [this.scroller.scrollLeft + x, this.scroller.scrollTop + y];
    this.scale = Math.max(ZOOMS[0], Math.min(scale, ZOOMS.at(-1)));
    this.sheet.style.setProperty("--s", this.scale);
    const factor = this.scale / old;
    if (this.isShown && (anchor || this.scroller.scrollTop > 0)) this.scroller.scrollTo({ left: left * factor - x, top: top * factor - y, behavior: "instant" });
    for (const page of this.pages) if (page.isNear) this.load(page);
    this.isShown = true;
    this.onZoom?.(this.scale);
  }

  zoom(step, anchor) {
    this.isFitted = false;
    const next = step > 0 ? ZOOMS.find((z) => z > this.scale + 0.01) : ZOOMS.findLast((z) => z < this.scale - 0.01);
    if (next) this.setScale(next, anchor);
  }

  // The widest page fills the width; on a small screen the one that is looked at, or all would be tiny.
  fit() {
    if (!this.pages.length) return;
    this.isFitted = true;
    const isSmall = this.scroller.clientWidth < 600;
    const width = isSmall ? this.inView().page.width : Math.max(...this.pages.map((page) => page.width));
    const room = this.scroller.clientWidth - (isSmall ? 20 : 64);
    if (room > 50) this.setScale(Math.max(Math.min(room / width, 1.5), ZOOMS[0]));
    this.scroller.scrollLeft = (this.scroller.scrollWidth - this.scroller.clientWidth) / 2;
  }

  // Where

  under(clientX, clientY) {
    const paper = document.elementsFromPoint(clientX, clientY).find((element) => element.classList?.contains("fe-page"));
    return paper ? paper.page : null;
  }

  pointOn(page, clientX, clientY) {
    const rect = page.paper.getBoundingClientRect();
    return { x: (clientX - rect.left) / this.scale, y: (clientY - rect.top) / this.scale };
  }

  // The page one looks at, and the middle of what is seen of it.
  inView() {
    const view = this.scroller.getBoundingClientRect();
    const middle = view.top + view.height / 2;
    let best = null;
    for (const page of this.pages) {
      const rect = page.paper.getBoundingClientRect();
      const distance = rect.top > middle ? rect.top - middle : rect.bottom < middle ? middle - rect.bottom : 0;
      if (!best || distance < best.distance) best = { page, rect, distance };
    }
    if (!best) return null;
    const top = Math.max(best.rect.top, view.top);
    const low = Math.min(best.rect.bottom, view.bottom);
    return { page: best.page, x: best.page.width / 2, y: ((top + low) / 2 - best.rect.top) / this.scale };
  }

  show(page, y = 0) {
    if (!page) return;
    const view = this.scroller.getBoundingClientRect();
    const at = page.paper.getBoundingClientRect().top + y * this.scale;
    if (at < view.top + 60 || at > view.bottom - 90) this.scroller.scrollBy({ top: at - view.top - view.height / 3 });
  }
}
