// The field editor: its parts, and what they do together.

import { Anchors } from "./anchors.js";
import { Canvas } from "./canvas.js";
import { Clipboard } from "./clipboard.js";
import { announce, plural } from "./dom.js";
import { Keyboard } from "./keyboard.js";
import { Maker } from "./maker.js";
import { Offers } from "./offers.js";
import { Pages } from "./pages.js";
import { Palette } from "./palette.js";
import { Panel } from "./panel.js";
import { Pointer } from "./pointer.js";
import { Saver } from "./saving.js";
import { Store } from "./store.js";

const root = document.querySelector("[data-editor]");
const find = (name) => root.querySelector(`[data-${name}]`);

class Editor {
  constructor(state) {
    this.state = state;
    this.store = new Store(this.sized(state.fields));
    this.pages = new Pages(find("pages"), state);
    this.anchors = new Anchors(state.urls.anchor, state.kinds, this.pages);
    this.canvas = new Canvas(this.store, this.pages, state, this.anchors);
    this.pages.onZoom = (scale) => (find("zoom").textContent = `${Math.round(scale * 100)} %`);
    this.pages.onZoom(this.pages.scale);
    find("zoom-in").addEventListener("click", () => this.pages.zoom(1));
    find("zoom-out").addEventListener("click", () => this.pages.zoom(-1));
    find("zoom").addEventListener("click", () => this.pages.fit());
    this.followPages();
  }

  // A field without a size has that of its kind.
  sized(fields) {
    return fields.map((field) => {
      const { width, height } = this.state.kinds[field.kind];
      return { ...field, width: field.width ?? width, height: field.height ?? height };
    });
  }

  begin() {
    const { store, pages, state } = this;
    this.sheet = document.querySelector("[data-sheet]");
    this.maker = new Maker(this);
    this.clipboard = new Clipboard(this);
    this.pointer = new Pointer(this);
    this.offers = new Offers(this);
    this.panel = new Panel(find("panel"), this);
    this.palette = new Palette(find("palette"), this);
    this.keyboard = new Keyboard(this);
    this.saver = new Saver(store, {
      url: state.urls.state,
      token: root.querySelector("[name=csrfmiddlewaretoken]").value,
      revision: state.revision,
      status: find("saved"),
      onConflict: (answer) => this.conflict(answer),
    });
    this.offers.onChange = () => this.panel.refresh();
    this.pointer.onOpen = () => this.openPanel();
    this.wire();
    this.offers.load();
    this.showHistory();
    this.jumpToAddress();
    addEventListener("hashchange", () => this.jumpToAddress());
    pages.scroller.focus({ preventScroll: true });
  }

  wire() {
    const { store } = this;
    const on = (name, listener) => find(name)?.addEventListener("click", listener);
    on("undo", () => this.travel("undo"));
    on("redo", () => this.travel("redo"));
    on("shortcuts", () => this.sheet.showModal());
    on("quick-open", () => this.openPanel());
    on("quick-copy", () => this.clipboard.duplicate());
    on("quick-delete", () => this.remove());
    on("quick-done", () => store.select([]));
    on("all-fields", () => { store.select([]); document.body.classList.toggle("fe-panel-open"); });
    store.on("committed", () => this.showHistory());
    store.on("selection", () => {
      const [field] = store.selected;
      if (!field) this.panel.close();
    });
    // Steps and previews show what is saved, so nothing may be on its way.
    for (const link of root.querySelectorAll("a[href]")) {
      link.addEventListener("click", async (event) => {
        if (!this.saver.isDirty || this.saver.isStopped || event.metaKey || event.ctrlKey) return;
        event.preventDefault();
        await this.saver.save();
        if (!this.saver.isDirty) location.assign(link.href);
      });
    }
  }

  showHistory() {
    find("undo").disabled = !this.store.past.length;
    find("redo").disabled = !this.store.future.length;
  }

  travel(way) {
    const isDone = this.store[way]();
    this.showHistory();
    if (isDone) announce(way === "undo" ? "Undone." : "Done again.");
  }

  remove() {
    const { store } = this;
    const keys = [...store.selection];
    const layer = this.canvas.elementOf(keys[0])?.parentElement;
    store.remove(keys);
    const neighbour = layer?.querySelector(".fe-field");
    (neighbour ?? this.pages.scroller).focus({ preventScroll: true });
    announce(`${plural(keys.length, "field", "fields")} deleted.`);
  }

  openPanel() {
    this.panel.open();
  }

  jumpTo(key) {
    this.store.select([key]);
    const field = this.store.get(key);
    if (this.canvas.elementOf(key)) this.canvas.reveal(key);
    else if (field?.anchor) this.panel.open(); // stands nowhere: its text is what to look at
  }

  // …/fields/#tab-<id>: a finding of the linter.
  jumpToAddress() {
    const id = Number(location.hash.match(/^#tab-(\d+)$/)?.[1]);
    const field = id && this.store.fields.find((one) => one.id === id);
    if (field) this.jumpTo(field.key);
  }

  giveTo(index) {
    const owner = this.state.recipients.filter((recipient) => recipient.signs)[index];
    if (!owner) return;
    this.maker.setOwner(owner.number);
    const keys = [...this.store.selection];
    if (keys.length) this.store.change(keys, () => ({ recipient: owner.number }));
    announce(keys.length ? `Now for ${owner.name}.` : `Next fields are for ${owner.name}.`);
  }

  turnPage(step) {
    const { pages } = this.pages;
    const view = this.pages.inView();
    const next = view && pages[pages.indexOf(view.page) + step];
    if (next) next.paper.scrollIntoView({ block: "start" });
  }

  followPages() {
    const number = find("page");
    const { scroller, pages } = this.pages;
    number.max = String(pages.length);
    find("page-count").textContent = `/ ${pages.length}`;
    let timer = 0;
    const show = () => {
      const view = this.pages.inView();
      if (view && number !== document.activeElement) number.value = String(pages.indexOf(view.page) + 1);
    };
    scroller.addEventListener("scroll", () => { clearTimeout(timer); timer = setTimeout(show, 80); }, { passive: true });
    number.addEventListener("change", () => pages[Number(number.value) - 1]?.paper.scrollIntoView({ block: "start" }));
    show();
  }

  conflict(answer) {
    const dialog = document.querySelector("[data-conflict]");
    dialog.querySelector("[data-message]").textContent = answer.message;
    dialog.querySelector("[data-mine]").hidden = Boolean(answer.is_sent);
    dialog.querySelector("[data-theirs]").onclick = () => location.reload();
    dialog.querySelector("[data-mine]").onclick = async () => {
      const response = await fetch(this.state.urls.state);
      if (!response.ok) return;
      this.saver.goOn((await response.json()).revision, { isSaved: false });
      dialog.close();
    };
    dialog.showModal();
  }
}

const editor = new Editor(JSON.parse(document.getElementById("editor-state").textContent));
if (editor.state.preview === null) editor.begin();
root.dataset.ready = "yes";
