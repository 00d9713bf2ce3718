// Autosave: every change is on its way within a moment; offline it waits and says so.

import { announce, plural } from "./dom.js";

const PAUSE_MILLISECONDS = 500;
const LOGGED_OUT = "Not saved: you are logged out, or may not change this. Log in again, then reload.";
const RETRY_MILLISECONDS = [2000, 4000, 8000, 15000, 30000];

export class Saver {
  constructor(store, { url, token, revision, status, onConflict }) {
    Object.assign(this, { store, url, token, revision, status, onConflict });
    this.saved = store.committed;
    this.attempts = 0;
    this.timer = 0;
    this.isStopped = false;
    this.running = null;
    store.on("committed", () => this.soon(PAUSE_MILLISECONDS));
    addEventListener("online", () => this.isDirty && this.soon(0));
    addEventListener("beforeunload", (event) => {
      if (this.isDirty && !this.isStopped) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.isDirty && this.save());
  }

  get isDirty() {
    return this.store.committed !== this.saved;
  }

  soon(pause) {
    if (this.isStopped) return;
    this.tell("saving", "Saving…");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  // Resolves when all is saved, or saving failed for now.
  async save() {
    clearTimeout(this.timer);
    while (this.running) await this.running; // never two at once: the second would look like somebody else's
    if (!this.isDirty || this.isStopped) return;
    this.running = this.send().finally(() => (this.running = null));
    await this.running;
    if (this.isDirty && !this.attempts && !this.isStopped) await this.save();
  }

  async send() {
    const sent = this.store.committed;
    const keys = sent.map((field) => field.key);
    let response;
    try {
      response = await fetch(this.url, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
        body: JSON.stringify({ revision: this.revision, fields: this.store.toJson() }),
      });
    } catch {
      return this.again("Offline, trying again");
    }
    if (response.status === 403 || response.redirected) return this.refuse(LOGGED_OUT);
    if (response.status === 200 || response.status === 422) return this.accept(await response.json(), sent, keys);
    if (response.status === 409) return this.conflict(await response.json());
    if (response.status === 400 || response.status === 413) return this.refuse((await response.json()).message);
    return this.again("Not saved yet, trying again");
  }

  accept(answer, sent, keys) {
    this.revision = answer.revision;
    this.saved = sent;
    this.attempts = 0;
    for (const [position, id] of Object.entries(answer.ids)) this.store.ids.set(keys[position], id);
    this.store.errors = new Map(Object.entries(answer.errors).map(([position, errors]) => [keys[position], errors]));
    this.store.notify("fields");
    const wrong = this.store.errors.size;
    if (this.isDirty) return;
    if (wrong) {
      this.tell("wrong", `Saved, except ${plural(wrong, "field", "fields")} to look at`);
      announce(`${plural(wrong, "field needs", "fields need")} attention.`);
    } else this.tell("saved", "Saved");
  }

  again(text) {
    this.tell("offline", text);
    if (!this.attempts) announce(text);
    const pause = RETRY_MILLISECONDS[Math.min(this.attempts, RETRY_MILLISECONDS.length - 1)];
    this.attempts += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  refuse(text) {
    this.isStopped = true;
    this.tell("offline", text);
    announce(text);
  }

  conflict(answer) {
    this.isStopped = true;
    this.tell("offline", "Not saved");
    this.onConflict(answer);
  }

  // After a conflict: go on from this revision, with what is on the screen or with what the server has.
  goOn(revision, { isSaved }) {
    this.revision = revision;
    this.isStopped = false;
    this.attempts = 0;
    this.saved = isSaved ? this.store.committed : null;
    if (isSaved) this.tell("saved", "Saved");
    else this.soon(0);
  }

  tell(state, text) {
    this.status.dataset.state = state;
    this.status.querySelector("[data-text]").textContent = text;
  }
}
