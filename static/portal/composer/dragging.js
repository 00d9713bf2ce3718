// Rows dragged by a handle, with mouse, pen or finger. `moved(row)` is called once they lie elsewhere.
export function makeSortable(list, { rows, handle, moved }) {
  list.addEventListener("pointerdown", (event) => {
    const row = event.target.closest(handle)?.closest(rows);
    if (!row || event.button) return;
    const start = { x: event.clientX, y: event.clientY, order: [...list.querySelectorAll(rows)] };
    let isDragging = false;

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
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", end);
      document.removeEventListener("pointercancel", end);
      row.classList.remove("sp-dragged");
      if (!isDragging) return;
      // What was dragged was not clicked.
      const noClick = (click) => { click.preventDefault(); click.stopPropagation(); };
      addEventListener("click", noClick, { capture: true, once: true });
      setTimeout(() => removeEventListener("click", noClick, { capture: true }));
      const order = [...list.querySelectorAll(rows)];
      if (order.some((other, index) => other !== start.order[index])) moved(row);
    };
    // On the document: a row that moves in it loses the pointer.
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
  });
}
