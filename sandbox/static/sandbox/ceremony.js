// The ceremony's guide: what is left to do, one signature for all places, and the dialogs.
// The server judges everything again.

const form = document.querySelector("[data-ceremony]");
const hidden = (name) => form.querySelector(`input[type=hidden][name="signature-${name}"]`);
const agree = form.querySelector("[data-agree]");

// Consent.
agree?.addEventListener("change", () => { form.querySelector("[data-continue]").disabled = !agree.checked; });
if (agree) form.querySelector("[data-continue]").disabled = !agree.checked;

// What is left to do.
const fields = [...form.querySelectorAll("[data-field]")];
const required = fields.filter((field) => "required" in field.dataset);
const control = (field) => field.querySelector("button, input:not([type=hidden])");

function isDone(field) {
  const kind = field.dataset.field;
  if (kind === "sign" || kind === "initial") return field.querySelector("[data-value]").value === "signed";
  const input = control(field);
  return kind === "check" ? input.checked : input.value.trim() !== "";
}

function showProgress() {
  const progress = form.querySelector("[data-progress]");
  if (!progress) return;
  const done = required.filter(isDone).length;
  const total = required.length;
  progress.textContent = total === 0 ? "Nothing is required: finish when you are ready" : done === total ? "All done: you can finish" : `${done} of ${total} required fields done`;
  form.querySelector("[data-meter]").style.width = `${total ? (done / total) * 100 : 100}%`;
  const next = form.querySelector("[data-next]");
  next.hidden = done === total;
  next.textContent = done === 0 ? "Start" : "Next";
  form.querySelector("[data-finish]").disabled = done < total;
}

function goToNext() {
  const field = required.find((candidate) => !isDone(candidate));
  if (!field) {
    form.querySelector("[data-finish]")?.focus();
    return;
  }
  field.scrollIntoView({ block: "center" });
  control(field).focus({ preventScroll: true });
}

form.querySelector("[data-next]")?.addEventListener("click", goToNext);
form.addEventListener("input", showProgress);

// One signature for all places.
const adoptDialog = document.getElementById("adopt");
const adoptForm = adoptDialog.querySelector("[data-adopt]");
const nameInput = document.getElementById("adopt-name");
const initialsInput = document.getElementById("adopt-initials");
const problem = adoptDialog.querySelector("[data-adopt-problem]");
let waitingField = null;
let strokes = JSON.parse(hidden("strokes").value || "[]");

const hasSignature = () => hidden("name").value !== "";
const pathOf = (lines) => lines.map((line) => `M${line[0].join(" ")} L${(line.length > 1 ? line.slice(1) : line).map((p) => p.join(" ")).join(" ")}`).join(" ");

function place(field) {
  field.querySelector("[data-value]").value = "signed";
  show(field);
  showProgress();
}

function show(field) {
  const isInitials = field.dataset.field === "initial";
  const drawn = JSON.parse(hidden("strokes").value || "[]");
  const ink = field.querySelector("[data-ink-text]");
  const text = hidden(isInitials ? "initials" : "name").value;
  ink.textContent = text;
  ink.className = `hand sign__ink hand--${hidden("style").value}`;
  field.querySelector("path").setAttribute("d", pathOf(drawn));
  field.classList.add("field--filled");
  field.classList.toggle("field--drawn", !isInitials && drawn.length > 0);
  field.classList.remove("field--wrong");
  const button = field.querySelector("button");
  // Shrink a long name into its box.
  ink.style.fontSize = "";
  const ratio = (button.clientWidth - 16) / ink.scrollWidth;
  if (ratio < 1 && ratio > 0) ink.style.fontSize = `${ratio}em`;
  if (!button.dataset.label) button.dataset.label = button.getAttribute("aria-label");
  button.setAttribute("aria-label", `${button.dataset.label.replace(", required", "")}: ${text}`);
}

for (const field of fields) {
  if (field.dataset.field !== "sign" && field.dataset.field !== "initial") continue;
  if (field.querySelector("[data-value]").value === "signed") document.fonts.ready.then(() => show(field));
  field.querySelector("button").addEventListener("click", () => {
    // A first click adopts, later places reuse it, and a click on a signed place lets change it.
    if (hasSignature() && !isDone(field)) {
      place(field);
      goToNext();
    } else {
      waitingField = field;
      openAdopt();
    }
  });
}

function openAdopt() {
  problem.textContent = "";
  showHow();
  drawInk();
  adoptDialog.showModal();
}

const isDrawing = () => adoptForm.elements.how.value === "drawn";
function showHow() {
  adoptDialog.querySelector("[data-typed]").hidden = isDrawing();
  adoptDialog.querySelector("[data-drawn]").hidden = !isDrawing();
}
adoptForm.addEventListener("change", showHow);
adoptForm.addEventListener("input", () => {
  for (const preview of adoptForm.querySelectorAll("[data-preview]")) preview.textContent = nameInput.value;
  for (const preview of adoptForm.querySelectorAll("[data-preview-initials]")) preview.textContent = initialsInput.value;
});

adoptForm.addEventListener("submit", (event) => {
  const complain = (text, where) => { event.preventDefault(); problem.textContent = text; where?.focus(); };
  if (!nameInput.value.trim()) return complain("Please enter your full name.", nameInput);
  if (!initialsInput.value.trim()) return complain("Please enter your initials.", initialsInput);
  if (isDrawing() && strokes.flat().length < 2) return complain("Please draw your signature, or choose “Type”.");
  hidden("name").value = nameInput.value.trim();
  hidden("initials").value = initialsInput.value.trim();
  hidden("style").value = adoptForm.elements.style.value || "caveat";
  hidden("strokes").value = isDrawing() ? JSON.stringify(strokes) : "";
  for (const field of fields) {
    if ((field.dataset.field === "sign" || field.dataset.field === "initial") && (isDone(field) || field === waitingField)) place(field);
  }
  waitingField = null;
  setTimeout(goToNext);
});

// The pad keeps vector strokes in its own 300 × 100 units, so turning the phone loses nothing.
const pad = adoptDialog.querySelector("[data-pad]");
const ink = pad.querySelector("[data-ink]");
const drawInk = () => ink.setAttribute("d", pathOf(strokes));
function pointOf(event) {
  const box = pad.getBoundingClientRect();
  const within = (value, size, units) => Math.round(Math.min(Math.max(value / size, 0), 1) * units * 10) / 10;
  return [within(event.clientX - box.left, box.width, 300), within(event.clientY - box.top, box.height, 100)];
}
pad.addEventListener("pointerdown", (event) => {
  pad.setPointerCapture(event.pointerId);
  strokes.push([pointOf(event)]);
  drawInk();
});
pad.addEventListener("pointermove", (event) => {
  if (!pad.hasPointerCapture(event.pointerId)) return;
  for (const step of event.getCoalescedEvents?.() ?? [event]) strokes.at(-1).push(pointOf(step));
  drawInk();
});
adoptDialog.querySelector("[data-clear]").addEventListener("click", () => { strokes = []; drawInk(); });

// Dialogs and menu.
form.querySelector("[data-open-decline]")?.addEventListener("click", () => {
  form.querySelector(".menu").removeAttribute("open");
  document.getElementById("decline").showModal();
});
for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());
document.addEventListener("keydown", (event) => { if (event.key === "Escape") form.querySelector(".menu")?.removeAttribute("open"); });
document.addEventListener("click", (event) => { if (!event.target.closest(".menu")) form.querySelector(".menu")?.removeAttribute("open"); });

// Enter in a text field goes on to the next field instead of finishing by surprise.
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input[type=text]")) {
    event.preventDefault();
    goToNext();
  }
});

showProgress();
document.querySelector("[data-focus]")?.focus();
