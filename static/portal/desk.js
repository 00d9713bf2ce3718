// The list: what is chosen stays chosen over its pages, and the bar says how many they are.
const form = document.querySelector("[data-bulk]");
const KEY = "sp-chosen";

function read() {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(KEY) ?? "[]"));
  } catch {
    return new Set();
  }
}

function write(chosen) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...chosen]));
  } catch {
    // Without storage the page's own boxes still count.
  }
}

function begin() {
  const chosen = read();
  const boxes = [...form.querySelectorAll('input[name="selected"]')];
  const all = form.querySelector("[data-all]");
  const count = form.querySelector("[data-count]");
  const clear = form.querySelector("[data-clear]");

  function show() {
    for (const box of boxes) {
      box.checked = chosen.has(box.value);
      box.closest("tr").classList.toggle("sp-list__chosen", box.checked);
    }
    const here = boxes.filter((box) => box.checked).length;
    if (all) {
      all.checked = here > 0 && here === boxes.length;
      all.indeterminate = here > 0 && here < boxes.length;
    }
    count.textContent = chosen.size ? count.dataset.some.replace("%s", chosen.size) : count.dataset.none;
    clear.hidden = !chosen.size;
    form.querySelector("[data-bar]").classList.toggle("sp-bulk--some", chosen.size > 0);
    for (const button of form.querySelectorAll("button[data-needs-some]")) button.disabled = !chosen.size;
    for (const pop of form.querySelectorAll("details[data-needs-some]")) {
      pop.classList.toggle("sp-off", !chosen.size);
      const summary = pop.querySelector("summary");
      summary.tabIndex = chosen.size ? 0 : -1;
      summary.ariaDisabled = chosen.size ? null : "true";
      if (!chosen.size) pop.open = false;
    }
  }

  function choose(some, isChosen) {
    for (const box of some) isChosen ? chosen.add(box.value) : chosen.delete(box.value);
    write(chosen);
    show();
  }

  form.addEventListener("change", (event) => {
    if (event.target === all) choose(boxes, all.checked);
    else if (event.target.name === "selected") choose([event.target], event.target.checked);
  });
  clear.addEventListener("click", () => {
    chosen.clear();
    write(chosen);
    show();
    boxes[0]?.focus();
  });
  form.addEventListener("submit", (event) => {
    const onThisPage = new Set(boxes.map((box) => box.value));
    for (const value of chosen) {
      if (onThisPage.has(value)) continue;
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: "selected", value });
      form.append(input);
    }
    if (!["csv", "xlsx"].includes(event.submitter?.value)) write(new Set());
  });
  show();
}

if (form) begin();

// One pop-up at a time; Escape and a click elsewhere close it.
function close(except) {
  for (const pop of document.querySelectorAll("details.sp-pop[open]")) if (pop !== except) pop.open = false;
}
document.addEventListener("click", (event) => close(event.target.closest("details.sp-pop")));
document.addEventListener("keydown", (event) => {
  const open = document.querySelector("details.sp-pop[open]");
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
  const isTyping = event.target.closest("input, textarea, select");
  if (event.key === "/" && !isTyping) {
    event.preventDefault();
    document.querySelector("[data-search]")?.focus();
  }
});
