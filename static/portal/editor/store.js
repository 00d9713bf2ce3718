// What the editor holds: fields, the selection, the way back. Fields are never changed in place, so that a snapshot
// of the list is the whole history, and an element is drawn anew only when its field is another object.

const MERGE_MILLISECONDS = 900;
const LONGEST_HISTORY = 200;

let lastKey = 0;
export const newKey = () => `f${(lastKey += 1)}`;

export class Store {
  constructor(fields) {
    this.fields = fields.map((field) => ({ ...field, key: newKey() }));
    this.ids = new Map(this.fields.map((field) => [field.key, field.id]));
    this.selection = new Set();
    this.errors = new Map(); // key → {property: [sentence, …]}
    this.committed = this.fields;
    this.past = [];
    this.future = [];
    this.lastMerge = { tag: "", at: 0 };
    this.listeners = { fields: [], selection: [], committed: [] };
  }

  on(what, listener) {
    for (const name of what.split(" ")) this.listeners[name].push(listener);
  }

  notify(what) {
    for (const listener of this.listeners[what]) listener(this);
  }

  get(key) {
    return this.fields.find((field) => field.key === key);
  }

  get selected() {
    return this.fields.filter((field) => this.selection.has(field.key));
  }

  select(keys, { toggle = false } = {}) {
    const wanted = new Set(keys);
    if (toggle) {
      for (const key of this.selection) {
        if (wanted.has(key)) wanted.delete(key);
        else wanted.add(key);
      }
    }
    const isSame = wanted.size === this.selection.size && [...wanted].every((key) => this.selection.has(key));
    if (isSame) return;
    this.selection = wanted;
    this.notify("selection");
  }

  // Shown, but not yet meant: while something is dragged.
  show(fields) {
    this.fields = fields;
    this.notify("fields");
  }

  // Meant. Commits with the same `merge` in quick succession are one step back.
  commit(fields = this.fields, { merge = "" } = {}) {
    this.fields = fields;
    if (fields !== this.committed) {
      const isMore = merge && merge === this.lastMerge.tag && Date.now() - this.lastMerge.at < MERGE_MILLISECONDS;
      if (!isMore) this.past = [...this.past.slice(-LONGEST_HISTORY), this.committed];
      this.lastMerge = { tag: merge, at: Date.now() };
      this.future = [];
      this.committed = fields;
      this.notify("committed");
    }
    this.notify("fields");
  }

  drop() {
    this.show(this.committed);
  }

  // `change`: field → the properties that become different.
  change(keys, change, options) {
    const wanted = new Set(keys);
    let isOther = false;
    const fields = this.fields.map((field) => {
      const changes = wanted.has(field.key) ? change(field) : {};
      if (Object.entries(changes).every(([name, value]) => field[name] === value)) return field;
      isOther = true;
      return { ...field, ...changes };
    });
    if (isOther) this.commit(fields, options);
  }

  add(fields, { select = true } = {}) {
    const added = fields.map((field) => ({ ...field, key: newKey(), id: null }));
    if (select) this.selection = new Set(added.map((field) => field.key));
    this.commit([...this.fields, ...added]);
    if (select) this.notify("selection");
    return added;
  }

  remove(keys) {
    const gone = new Set(keys);
    this.selection = new Set([...this.selection].filter((key) => !gone.has(key)));
    this.commit(this.fields.filter((field) => !gone.has(field.key)));
    this.notify("selection");
  }

  undo() {
    return this.travel(this.past, this.future);
  }

  redo() {
    return this.travel(this.future, this.past);
  }

  travel(from, to) {
    if (!from.length) return false;
    to.push(this.committed);
    this.committed = from.pop();
    this.fields = this.committed;
    this.lastMerge = { tag: "", at: 0 };
    const there = new Set(this.fields.map((field) => field.key));
    this.selection = new Set([...this.selection].filter((key) => there.has(key)));
    this.notify("committed");
    this.notify("fields");
    this.notify("selection");
    return true;
  }

  // All anew, as the server has it: after somebody else's change.
  replace(fields) {
    const made = new Store(fields);
    Object.assign(this, { fields: made.fields, committed: made.fields, ids: made.ids, past: [], future: [] });
    this.selection = new Set();
    this.errors = new Map();
    this.notify("fields");
    this.notify("selection");
  }

  toJson() {
    return this.committed.map(({ key, ...field }) => ({ ...field, id: this.ids.get(key) ?? null }));
  }
}
