// A removed row stays for a while as a line that offers to take it back; only then is it removed for good.
import { words } from "./words.js";

const TIME_TO_THINK = 6000;
const waiting = new Set();

// All that wait, now: before the page is left, or renewed.
export function removeForGood() {
  for (const finish of [...waiting]) finish();
}

// `gone(row)` takes it out of the form's data.
export function remove(row, name, { gone, back = () => {}, autosave }) {
  const line = document.createElement("p");
  line.className = "sp-removed";
  const undo = Object.assign(document.createElement("button"), { type: "button", className: "sp-link", textContent: words.undo });
  line.append(`${words.removed} ${name}`, undo);
  row.hidden = true;
  row.after(line);
  undo.focus();
  const finish = () => {
    clearTimeout(timer);
    waiting.delete(finish);
    line.remove();
    gone(row);
    autosave.changed(0);
  };
  const timer = setTimeout(finish, TIME_TO_THINK);
  waiting.add(finish);
  undo.addEventListener("click", () => {
    clearTimeout(timer);
    waiting.delete(finish);
    line.remove();
    row.hidden = false;
    back();
    row.querySelector("input:not([type='hidden'], [type='number'])")?.focus();
  });
}
