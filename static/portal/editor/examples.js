// What a field will look like once it is filled in: the same examples every time.

import { h, icon } from "./dom.js";

const TEXTS = {
  date_signed: () => "12/31/2026",
  full_name: (owner) => owner.name,
  email_address: (owner) => owner.email || "someone@example.com",
  company: () => "Example Ltd.",
  title: () => "Director",
  number: () => "42",
  date: () => "12/31/2026",
  attachment: () => "attachment.pdf",
  approve: () => "Approve",
  decline: () => "Decline",
};

const initials = (name) => name.split(/\s+/).map((word) => word[0] ?? "").join("").slice(0, 3).toUpperCase();

export function exampleOf(field, owner) {
  const { kind, value, options } = field;
  if (kind === "sign_here") return [h("span", { class: "fe-ink" }, owner?.name ?? "")];
  if (kind === "initial_here") return [h("span", { class: "fe-ink" }, initials(owner?.name ?? ""))];
  if (kind === "checkbox") return value === "true" || field.required ? [icon("check")] : [];
  if (kind === "radio") return value === options[0] ? [icon("circle")] : [];
  if (kind === "list") return [h("span", {}, value || options[0] || ""), icon("arrow_drop_down")];
  const text = value || TEXTS[kind]?.(owner ?? { name: "", email: "" }) || (kind === "note" ? "" : field.label || "Example text");
  return [h("span", {}, field.max_length ? text.slice(0, field.max_length) : text)];
}
