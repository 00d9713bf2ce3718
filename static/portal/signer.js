// Two small comforts; every page works without them.

// A waiting page asks our own server whether its state has changed, ever more rarely, and then shows the new one.
const card = document.querySelector("[data-watch]");
if (card) {
  const landing = new URL(card.dataset.watch, location.href).pathname.replace(/state\/$/, "");
  let delaySeconds = 1;
  const look = async () => {
    try {
      const response = await fetch(card.dataset.watch, { headers: { Accept: "application/json" } });
      if (response.ok && (await response.json()).state !== card.dataset.state) {
        location.replace(landing);
        return;
      }
    } catch {
      // Offline for a moment: the next look may succeed.
    }
    delaySeconds = Math.min(delaySeconds * 1.4, 30);
    setTimeout(look, delaySeconds * 1000);
  };
  setTimeout(look, delaySeconds * 1000);
}

// The start button says that it is working; coming back by the browser's back button frees it again.
for (const form of document.querySelectorAll("form[data-start]")) {
  const button = form.querySelector("button");
  form.addEventListener("submit", (event) => {
    if (button.getAttribute("aria-busy") === "true") event.preventDefault();
    button.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => button.removeAttribute("aria-busy"));
}
