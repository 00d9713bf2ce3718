// Anchor ghosts: where a text really stands in these documents, and how often, as Docusign will find it.

export class Anchors {
  constructor(url, kinds, pages) {
    Object.assign(this, { url, kinds, pages });
    this.found = new Map(); // text in lower case → {count, places, problem, isLooking}
    this.onFound = () => {};
  }

  // What is known of the text; asks the server at first sight.
  lookUp(text) {
    const key = text.toLowerCase();
    if (!this.found.has(key)) {
      this.found.set(key, { count: 0, places: [], problem: "", isLooking: true });
      this.ask(text, key);
    }
    return this.found.get(key);
  }

  async ask(text, key) {
    let answer;
    try {
      const response = await fetch(`${this.url}?text=${encodeURIComponent(text)}`);
      answer = response.ok ? await response.json() : { count: 0, places: [], problem: "The documents could not be searched." };
    } catch {
      answer = { count: 0, places: [], problem: "Offline: the documents could not be searched." };
      setTimeout(() => this.found.delete(key), 5000);
    }
    this.found.set(key, { ...answer, isLooking: false });
    this.onFound();
    this.onAnswer?.(text);
  }

  versionOf(text) {
    return this.lookUp(text).isLooking ? 1 : 2;
  }

  // The field's lower left corner stands on the text's, moved by the offsets.
  boxesFor(field) {
    const kind = this.kinds[field.kind];
    const width = field.width ?? kind.width;
    const height = field.height ?? kind.height;
    return this.lookUp(field.anchor).places.map(({ document, page, box: [left, , , low] }) => ({
      document,
      page,
      width,
      height,
      x: Math.max(0, Math.round(left + field.anchor_x_offset)),
      y: Math.max(0, Math.round(low + field.anchor_y_offset - height)),
    }));
  }

  // In a sentence, for the properties of a field.
  say(text) {
    if (text.trim().length < 2) return { text: "Type a text that stands in the documents, such as /sn1/.", isBad: false };
    const { count, problem, isLooking } = this.lookUp(text);
    if (isLooking) return { text: "Looking…", isBad: false };
    if (problem) return { text: problem, isBad: true };
    if (!count) return { text: "This text stands nowhere in the documents. Docusign would refuse the envelope.", isBad: true };
    return { text: count === 1 ? "Found once." : `Found ${count} times: the field stands at each of them.`, isBad: false };
  }
}
