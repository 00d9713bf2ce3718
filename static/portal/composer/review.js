// The composer's last step: settings save themselves, and the findings follow.
import { Autosave, submitOnSteps } from "./autosave.js";

const form = document.querySelector("[data-composer]");
const findings = form.querySelector("[data-findings]");
new Autosave(form, {
  onAnswer(answer) {
    if (answer.findings) findings.innerHTML = answer.findings;
  },
});
submitOnSteps(form);
form.querySelector("[data-theirs]").addEventListener("click", (event) => {
  event.preventDefault();
  form.dataset.leaving = "yes";
  location.reload();
});
document.querySelector("[data-focus]")?.focus();
