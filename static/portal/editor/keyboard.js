// Everything by keyboard. Single letters count only while the focus is on the pages or the palette.

import { announce, isTyping } from "./dom.js";
import { fitted, onPage } from "./geometry.js";
import { LETTERS } from "./palette.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Keyboard {
  constructor(editor) {
    Object.assign(this, { editor, store: editor.store });
    document.addEventListener("keydown", (event) => this.onKey(event));
    // Walking through the fields with Tab chooses them.
    editor.pages.scroller.addEventListener("focusin", ({ target }) => {
      const { key } = target;
      if (!key || this.store.selection.has(key) || editor.pointer.drag || !target.matches(":focus-visible")) return;
      this.store.select([key]);
    });
  }

  onKey(event) {
    if (event.key === "Tab" || event.key in ARROWS) document.body.classList.add("fe-keys"); // rings for those who need them
    if (document.querySelector("dialog[open]") || event.defaultPrevented) return;
    if (event.key === "Escape") return this.escape(event);
    if (isTyping(event.target)) return;
    const command = event.ctrlKey || event.metaKey ? this.command(event) : this.plain(event);
    if (!command) return;
    event.preventDefault();
    command();
  }

  escape(event) {
    const { editor, store } = this;
    event.preventDefault();
    if (editor.pointer.cancel()) return;
    if (editor.maker.armed) return editor.maker.arm("");
    const isInPanel = editor.panel.root.contains(event.target);
    editor.panel.close();
    if (isInPanel && store.selection.size) return editor.canvas.reveal([...store.selection][0]);
    store.select([]);
  }

  command(event) {
    const { editor, store } = this;
    const key = event.key.toLowerCase();
    if (key === "z") return () => editor.travel(event.shiftKey ? "redo" : "undo");
    if (key === "y") return () => editor.travel("redo");
    if (key === "c" && store.selection.size && !getSelection().toString()) return () => editor.clipboard.copy();
    if (key === "x" && store.selection.size) return () => editor.clipboard.cut();
    if (key === "v") return () => editor.clipboard.paste();
    if (key === "d" && store.selection.size) return () => editor.clipboard.duplicate();
    if (key === "a") return () => this.selectPage();
    if (key === "s") return () => editor.saver.save();
    if (key === "0") return () => editor.pages.fit();
    if (key === "+" || key === "=") return () => editor.pages.zoom(1);
    if (key === "-") return () => editor.pages.zoom(-1);
    return null;
  }

  plain(event) {
    const { editor, store } = this;
    const isOnField = Boolean(event.target.key);
    const isHome = editor.pages.scroller.contains(event.target) || editor.palette.root.contains(event.target);
    if (event.key === "?") return () => editor.sheet.showModal();
    if (!isHome) return null;
    if (event.key in ARROWS && store.selection.size && !editor.palette.root.contains(event.target)) return () => this.arrow(event);
    if (["Delete", "Backspace"].includes(event.key) && store.selection.size) return () => editor.remove();
    if (event.key === "Enter" && isOnField) return () => editor.openPanel();
    if (event.key === " " && isOnField) return () => store.select([event.target.key], { toggle: event.shiftKey || event.ctrlKey });
    if (event.key === "PageDown" || event.key === "PageUp") return () => editor.turnPage(event.key === "PageDown" ? 1 : -1);
    if (event.altKey || event.key.length !== 1) return null;
    const letter = event.key.toLowerCase();
    if (letter in LETTERS) return () => this.insert(LETTERS[letter]);
    if (/[1-9]/.test(letter)) return () => editor.giveTo(Number(letter) - 1);
    return null;
  }

  insert(kind) {
    const { editor, store } = this;
    editor.maker.placeInView(kind);
    editor.canvas.reveal([...store.selection].at(0));
  }

  // Move, or with Alt resize.
  arrow(event) {
    const step = event.shiftKey ? 10 : 1;
    const [dx, dy] = ARROWS[event.key].map((part) => part * step);
    const { editor, store } = this;
    store.change([...store.selection], (field) => (event.altKey ? this.grown(field, dx, dy) : this.moved(field, dx, dy)), { merge: `arrow ${[...store.selection]} ${event.altKey}` });
    const [first] = store.selected;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => announce(event.altKey ? `${first.width} by ${first.height}` : first.anchor ? `${first.anchor_x_offset}, ${first.anchor_y_offset}` : `${first.x} from the left, ${first.y} from the top`), 400);
    editor.canvas.reveal(first.key, { focus: false });
  }

  moved(field, dx, dy) {
    if (field.anchor) return { anchor_x_offset: field.anchor_x_offset + dx, anchor_y_offset: field.anchor_y_offset + dy };
    const page = this.editor.pages.at(field.document, field.page);
    return page ? onPage({ ...field, x: field.x + dx, y: field.y + dy }, page.size) : {};
  }

  grown(field, dx, dy) {
    const kind = this.editor.state.kinds[field.kind];
    const page = this.editor.pages.at(field.document, field.page);
    const [width, height] = [field.width ?? kind.width, field.height ?? kind.height];
    const wide = kind.sizing === "scaled" ? width + (dx || (dy * kind.width) / kind.height) : width + dx;
    const size = fitted(kind, wide, height + dy);
    if (page && (field.x + size.width > page.width || field.y + size.height > page.height)) return {};
    return size;
  }

  selectPage() {
    const view = this.editor.pages.inView();
    if (!view) return;
    const here = this.store.fields.filter((field) => field.document === view.page.document && field.page === view.page.page);
    this.store.select(here.map((field) => field.key));
    announce(`${here.length} fields chosen.`);
  }
}
