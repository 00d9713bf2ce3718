// The ceremony's page for who may sign. The server judges everything again.

import "./dialogs.js";
import { form } from "./fields.js";
import { goToNext, update } from "./guide.js";
import { startPlacing } from "./placing.js";
import { watchSession } from "./session.js";
import "./signature.js";

// Consent first.
const agree = form.querySelector("[data-agree]");
const showAgreement = () => { form.querySelector("[data-continue]").disabled = !agree.checked; };
if (agree) {
  agree.addEventListener("change", showAgreement);
  showAgreement();
}

startPlacing();
watchSession();
update();
if (form.querySelector(".field--wrong")) goToNext();
else document.querySelector("[data-focus]")?.focus();
