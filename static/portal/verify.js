// Comforts of the verify page: a PDF dropped anywhere is taken and checked, one that is too large is not even sent.

const form = document.querySelector("form[data-verify]");
const input = form?.elements.file;
const problem = document.getElementById("verify-problem");

function isTooLarge() {
  const large = (input.files[0]?.size ?? 0) > Number(form.dataset.most);
  if (large) {
    problem.textContent = problem.dataset.large;
    problem.hidden = false;
    input.setAttribute("aria-invalid", "true");
  }
  return large;
}

if (form) {
  const button = form.querySelector("button");
  const rest = () => {
    input.classList.remove("verify__file--over");
  };
  addEventListener("dragover", (event) => {
    event.preventDefault();
    input.classList.add("verify__file--over");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) rest();
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    rest();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  input.addEventListener("change", () => {
    problem.hidden = true;
    input.removeAttribute("aria-invalid");
    isTooLarge();
  });
  form.addEventListener("submit", (event) => {
    if (button.getAttribute("aria-busy") === "true" || isTooLarge()) {
      event.preventDefault();
      return;
    }
    button.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => button.removeAttribute("aria-busy"));
}
