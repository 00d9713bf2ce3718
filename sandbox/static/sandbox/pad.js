// The signature pad keeps vector strokes in its own 300 × 100 units, so turning the phone loses nothing.

export const pathOf = (strokes) => strokes.map((line) => `M${line[0].join(" ")} L${(line.length > 1 ? line.slice(1) : line).map((point) => point.join(" ")).join(" ")}`).join(" ");

export class Pad {
  constructor(svg, clearButton, strokes) {
    this.strokes = strokes;
    this.svg = svg;
    svg.addEventListener("pointerdown", (event) => this.begin(event));
    svg.addEventListener("pointermove", (event) => this.go(event));
    clearButton.addEventListener("click", () => { this.strokes = []; this.draw(); });
  }

  get isEmpty() { return this.strokes.flat().length < 2; }

  begin(event) {
    this.svg.setPointerCapture(event.pointerId);
    this.strokes.push([this.pointOf(event)]);
    this.draw();
  }

  go(event) {
    if (!this.svg.hasPointerCapture(event.pointerId)) return;
    for (const step of event.getCoalescedEvents?.() ?? [event]) this.strokes.at(-1).push(this.pointOf(step));
    this.draw();
  }

  pointOf(event) {
    const box = this.svg.getBoundingClientRect();
    const within = (value, size, units) => Math.round(Math.min(Math.max(value / size, 0), 1) * units * 10) / 10;
    return [within(event.clientX - box.left, box.width, 300), within(event.clientY - box.top, box.height, 100)];
  }

  draw() { this.svg.querySelector("[data-ink]").setAttribute("d", pathOf(this.strokes)); }
}
