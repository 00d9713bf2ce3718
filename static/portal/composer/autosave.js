// Saves the form a moment after each change, one request at a time, and says so. The server judges everything.
import { showErrors } from "./errors.js";
import { words } from "./words.js";

const PAUSE = 900; // milliseconds of quiet after a change
const TRY_AGAIN = 5000;

export class Autosave {
  #form; #status; #conflict; #onAnswer; #onProgress;
  #timer = 0; #pause = PAUSE; #running = null; #isDirty = false; #isStopped = false;

  constructor(form, { onAnswer = () => {}, onProgress = () => {} } = {}) {
    this.#form = form;
    this.#status = form.querySelector("[data-saved]");
    this.#conflict = form.querySelector("[data-conflict]");
    this.#onAnswer = onAnswer;
    this.#onProgress = onProgress;
    form.classList.add("sp-composer--live");
    form.addEventListener("input", (event) => event.target.type !== "file" && this.changed());
    form.addEventListener("change", (event) => event.target.type !== "file" && this.changed());
    form.addEventListener("submit", (event) => this.#submitted(event));
    addEventListener("beforeunload", (event) => { if (this.isPending && !form.dataset.leaving) event.preventDefault(); });
    addEventListener("pageshow", () => { delete form.dataset.leaving; });
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.save(); });
  }

  get isPending() { return this.#isDirty || this.#running !== null; }

  changed(pause = PAUSE) {
    if (this.#isStopped || this.#form.dataset.leaving) return;
    this.#isDirty = true;
    this.#say(words.saving);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), pause);
  }

  // Whatever is waiting, at once; resolves when the server has it, or could not be reached.
  async save() {
    clearTimeout(this.#timer);
    if (this.#running) await this.#running;
    if (!this.#isDirty || this.#isStopped || this.#form.dataset.leaving) return;
    this.#isDirty = false;
    this.#running = this.#post();
    await this.#running;
    this.#running = null;
    if (this.#isDirty) this.#again();
  }

  #again() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), this.#pause);
    this.#pause = PAUSE;
  }

  async #post() {
    const data = new FormData(this.#form);
    const answer = await this.#send(data);
    if (answer === null) {
      this.#isDirty = true;
      this.#pause = TRY_AGAIN;
      return;
    }
    if (answer.gone) { this.#isStopped = true; location.assign(answer.url); return; }
    if (answer.conflict) { this.#stop(); return; }
    this.#form.elements.revision.value = answer.revision;
    if (answer.url && answer.url !== this.#form.getAttribute("action")) {
      this.#form.setAttribute("action", answer.url);
      history.replaceState(null, "", answer.url);
    }
    showErrors(this.#form, answer.errors ?? {});
    this.#onAnswer(answer);
    if (this.#isDirty) return; // changed again meanwhile
    const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    this.#say(`${words.saved} ${time}`);
  }

  // An XMLHttpRequest, since it alone tells how far an upload has come. Null: not reached, or not understood.
  #send(data) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.#form.getAttribute("action"));
      request.setRequestHeader("X-Autosave", "1");
      request.responseType = "json";
      request.upload.onprogress = (event) => event.lengthComputable && this.#onProgress(event.loaded / event.total);
      request.onload = () => {
        const isOurs = request.response && request.getResponseHeader("Content-Type")?.startsWith("application/json");
        if (!isOurs) this.#say(request.status >= 500 ? words.offline : words.loggedOut, true);
        resolve(isOurs ? request.response : null);
      };
      request.onerror = () => { this.#say(words.offline, true); resolve(null); };
      request.send(data);
    });
  }

  #stop() {
    this.#isStopped = true;
    this.#say("");
    this.#conflict.hidden = false;
    this.#conflict.focus();
  }

  // A button was pressed: what is on its way to the server goes first, as it brings a new revision.
  async #submitted(event) {
    clearTimeout(this.#timer);
    if (this.#form.dataset.leaving) { event.preventDefault(); return; }
    if (this.#running) {
      event.preventDefault();
      await this.#running;
      this.#form.requestSubmit(event.submitter);
      return;
    }
    this.#form.dataset.leaving = "yes";
  }

  #say(text, isWrong = false) {
    this.#status.textContent = text;
    this.#status.classList.toggle("sp-saved--wrong", isWrong);
  }
}

// Links to the other steps are buttons here: nothing is left behind.
export function submitOnSteps(form) {
  form.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-step]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const button = Object.assign(document.createElement("button"), { name: "_step", value: link.dataset.step, hidden: true });
    form.append(button);
    form.requestSubmit(button);
    button.remove();
  });
}
