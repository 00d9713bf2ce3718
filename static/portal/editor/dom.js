// Elements in few words.

export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") element.style.cssText = value;
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const icon = (name) => h("span", { class: "material-symbols-outlined", "aria-hidden": "true" }, name);

export function iconButton(name, label, onclick, extra = {}) {
  return h("button", { type: "button", class: "fe-icon", "aria-label": label, title: label, onclick, ...extra }, icon(name));
}

const live = document.querySelector("[data-live]");
let clearing = 0;

// For those who do not see the page.
export function announce(text) {
  if (!live) return;
  live.textContent = "";
  clearTimeout(clearing);
  clearing = setTimeout(() => (live.textContent = text), 60);
}

export const isTyping = (element) =>
  element instanceof HTMLElement && (element.matches("input:not([type=checkbox], [type=radio]), textarea, select") || element.isContentEditable);

export const plural = (n, one, more) => (n === 1 ? `1 ${one}` : `${n.toLocaleString()} ${more}`);
