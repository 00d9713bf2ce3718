// Small comforts; every page works without them.

// Should the ceremony's return open in a frame of ours, it takes the whole window.
if (window.top !== window.self) window.top.location.replace(location.href);

// A waiting page asks our own server whether its state has changed, ever more rarely, and then shows the new one.
const card = document.querySelector("[data-watch]");
if (card) {
  const landing = new URL(card.dataset.watch, location.href).pathname.replace(/state\/$/, "");
  const known = card.dataset.state.split(" ");
  let delaySeconds = 1;
  const look = async () => {
    try {
      const response = await fetch(card.dataset.watch, { headers: { Accept: "application/json" } });
      if (response.ok && !known.includes((await response.json()).state)) {
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

// Moments in the reader's own zone, which the server does not know.
for (const time of document.querySelectorAll("time[data-moment]")) {
  const form = { year: "numeric", month: "long", day: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "short" };
  time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { ...form, numberingSystem: "latn" }).format(new Date(time.dateTime));
}

// The list of languages closes as people expect it to.
const languages = document.querySelector(".languages");
addEventListener("click", (event) => {
  if (!event.target.closest(".languages")) languages?.removeAttribute("open");
});
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !languages?.open) return;
  languages.removeAttribute("open");
  languages.querySelector("summary").focus();
});

for (const form of document.querySelectorAll("form[data-start]")) {
  const button = form.querySelector("button");
  form.addEventListener("submit", (event) => {
    // The button says that it is working; coming back by the browser's back button frees it again.
    if (button.getAttribute("aria-busy") === "true") event.preventDefault();
    button.setAttribute("aria-busy", "true");
    // A frame needs room. The server has the last word, and without this script everyone gets the full page.
    const room = form.elements.window;
    if (room) room.value = innerWidth >= 768 && innerHeight >= 560 ? "wide" : "";
  });
  addEventListener("pageshow", () => button.removeAttribute("aria-busy"));
}
