// Dialogs and the menu.

import { form } from "./fields.js";

const closeMenu = () => form.querySelector(".menu")?.removeAttribute("open");

for (const button of document.querySelectorAll("[data-open]")) {
  button.addEventListener("click", () => {
    closeMenu();
    const dialog = document.getElementById(button.dataset.open);
    if (button.dataset.reason) dialog.querySelector("textarea").value = button.dataset.reason;
    dialog.showModal();
  });
}
for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenu(); });
document.addEventListener("click", (event) => { if (!event.target.closest(".menu")) closeMenu(); });
