// Free-form signing: without fields of the sender's, signers put their own where they click, or by keyboard.

import { form } from "./fields.js";
import { update } from "./guide.js";
import { signAt } from "./signature.js";

const STEP = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const POINTS = 6;
const offered = () => document.querySelector(`template[data-offer="${form.querySelector("[data-offered]:checked").value}"]`);

// Positions are points from the top left of the page, as in the definition of a tab.
function moveTo(field, x, y) {
  const page = field.closest("[data-page]");
  const [width, height] = [Number(page.dataset.width), Number(page.dataset.height)];
  const size = JSON.parse(field.dataset.size);
  const left = Math.min(Math.max(x, 0), width - size[0]);
  const top = Math.min(Math.max(y, 0), height - size[1]);
  field.dataset.at = JSON.stringify([left, top]);
  field.style.left = `${(left / width) * 100}%`;
  field.style.top = `${(top / height) * 100}%`;
  field.querySelector("[data-spot]").value = [field.dataset.group, page.dataset.page, left.toFixed(1), top.toFixed(1)].join(":");
}

function place(page, x, y) {
  const template = offered();
  const field = template.content.firstElementChild.cloneNode(true);
  const size = [Number(template.dataset.width), Number(template.dataset.height)];
  const isSign = field.dataset.field !== "fixed";
  field.dataset.size = JSON.stringify(size);
  field.style.width = `${(size[0] / Number(page.dataset.width)) * 100}%`;
  field.style.height = `${(size[1] / Number(page.dataset.height)) * 100}%`;
  field.style.fontSize = `${((isSign ? size[1] * 0.62 : 10) / Number(page.dataset.width)) * 100}cqw`;
  page.append(field);
  moveTo(field, x - size[0] / 2, y - size[1] / 2);
  field.querySelector(".sign")?.addEventListener("click", () => signAt(field));
  (field.querySelector(".sign") ?? field).focus({ preventScroll: true });
  if (isSign) signAt(field);
  update();
}

export function startPlacing() {
  if (!form.querySelector("[data-free-form]")) return;
  for (const page of form.querySelectorAll("[data-page]")) {
    page.classList.add("page--open");
    page.addEventListener("click", (event) => {
      if (event.target.closest("[data-field], button")) return;
      const box = page.getBoundingClientRect();
      const scale = Number(page.dataset.width) / box.width;
      place(page, (event.clientX - box.left) * scale, (event.clientY - box.top) * scale);
    });
    page.querySelector("[data-place-here]").addEventListener("click", () => {
      place(page, Number(page.dataset.width) / 2, Number(page.dataset.height) * 0.8);
    });
  }
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    const page = button.closest("[data-page]");
    button.closest("[data-field]").remove();
    page.querySelector("[data-place-here]").focus();
    update();
  });
  form.addEventListener("keydown", (event) => {
    const field = event.target.closest("[data-size]");
    if (!field || !(event.key in STEP)) return;
    event.preventDefault();
    const [x, y] = JSON.parse(field.dataset.at);
    moveTo(field, x + STEP[event.key][0] * POINTS, y + STEP[event.key][1] * POINTS);
  });
}
