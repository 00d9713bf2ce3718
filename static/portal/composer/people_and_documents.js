// The composer's first step.
import { Autosave, submitOnSteps } from "./autosave.js";
import { documents } from "./documents.js";
import { people } from "./people.js";
import { removeForGood } from "./removing.js";

const form = document.querySelector("[data-composer]");
const parts = [];
const autosave = new Autosave(form, {
  onAnswer(answer) {
    for (const part of parts) part.answered(answer);
    if (answer.steps) form.querySelector("[data-steps-holder]").innerHTML = answer.steps;
  },
  onProgress: (part) => parts[0].progressed(part),
});
parts.push(documents(form, autosave), people(form, autosave));
form.addEventListener("submit", removeForGood);
submitOnSteps(form);
form.querySelector("[data-theirs]").addEventListener("click", (event) => {
  event.preventDefault();
  form.dataset.leaving = "yes";
  location.reload();
});
document.querySelector("[data-focus]")?.focus();
