// Rows dragged by a handle, with mouse, pen or finger. `moved(row)` is called once they lie elsewhere.
export function makeSortable(list, { rows, handle, moved }) {
  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(handle);
    const row = grip?.closest(rows);
    if (!row || event.button) return;
    const start = { x: event.clientX, y: event.clientY, order: [...list.querySelectorAll(rows)] };
    let isDragging = false;
    grip.setPointerCapture(event.pointerId);

    const move = (step) => {
      if (!isDragging && Math.hypot(step.clientX - start.x, step.clientY - start.y) < 5) return;
      isDragging = true;
      row.classList.add("sp-dragged");
      const under = document.elementFromPoint(step.clientX, step.clientY)?.closest(rows);
      if (!under || under === row || under.parentNode !== row.parentNode) return;
      const isAfter = row.compareDocumentPosition(under) & Node.DOCUMENT_POSITION_FOLLOWING;
      under[isAfter ? "after" : "before"](row);
    };
    const end = () => {
      grip.removeEventListener("pointermove", move);
      row.classList.remove("sp-dragged");
      if (!isDragging) return;
      grip.addEventListener("click", (click) => click.preventDefault(), { once: true });
      setTimeout(() => {}, 0);
      if (start.order.some((other, index) => other !== list.querySelectorAll(rows)[index])) moved(row);
    };
    grip.addEventListener("pointermove", move);
    grip.addEventListener("lostpointercapture", end, { once: true });
  });
}
