// Buttons that copy the text of a field. Without the clipboard the text is selected, ready for the keyboard.
for (const button of document.querySelectorAll("[data-copy]")) {
  const words = button.querySelector("[data-words]");
  const usual = words.textContent;
  words.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      words.textContent = button.dataset.done;
      setTimeout(() => { words.textContent = usual; }, 2000);
    } catch {
      field.focus();
    }
  });
}
