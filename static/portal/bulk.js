// Bulk send: the chosen file's name, examples beside the columns, a progress bar that moves. All of it works without.

for (const drop of document.querySelectorAll("[data-bulk-drop]")) {
  const input = drop.querySelector("input[type=file]");
  const chosen = drop.querySelector("[data-bulk-chosen]");
  // Caught on its way down: the admin's skin writes the name of any chosen file into the first text field it finds.
  drop.addEventListener("change", (event) => {
    event.stopPropagation();
    chosen.textContent = input.files[0]?.name ?? "";
  }, { capture: true });
  for (const [event, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    drop.addEventListener(event, () => drop.classList.toggle("sp-drop--over", over));
  }
}

const examples = JSON.parse(document.getElementById("column-examples")?.textContent ?? "[]");
for (const line of document.querySelectorAll("[data-columns] .sp-bulk-target")) {
  const selects = [...line.querySelectorAll("select")];
  const show = () => {
    const columns = selects.map((select) => examples[select.value]).filter(Boolean);
    const rows = columns.length ? columns[0].map((_, row) => columns.map((column) => column[row]).filter(Boolean).join(" ")) : [];
    line.querySelector("[data-example]").textContent = rows.map((text) => text || "–").join(", ");
  };
  selects.forEach((select) => select.addEventListener("change", show));
  show();
}

for (const form of document.querySelectorAll("form[data-sure]")) {
  form.addEventListener("submit", (event) => { if (!confirm(form.dataset.sure)) event.preventDefault(); });
}

const live = document.querySelector("[data-live][data-moving]");
if (live) {
  const status = () => live.querySelector("[data-status]").dataset.status;
  const before = status();
  const busy = ["reading", "checking", "sending"];
  const look = async () => {
    let pause = 2000;
    try {
      const response = await fetch(live.dataset.live, { headers: { Accept: "text/html" } });
      if (response.redirected) return; // logged out meanwhile
      if (response.ok) live.innerHTML = await response.text();
    } catch {
      pause = 10000; // the network is away; the page stays as it is
    }
    if (status() !== before) { location.reload(); return; }
    if (busy.includes(before)) setTimeout(look, document.hidden ? 10000 : pause);
  };
  setTimeout(look, 1000);
}
