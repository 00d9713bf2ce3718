// Many fields brought into line.

import { announce, h, iconButton } from "./dom.js";
import { ALIGNMENTS, bounds, distribute, onPage } from "./geometry.js";

const NAMES = {
  left: ["align_horizontal_left", "Align left edges"],
  centre: ["align_horizontal_center", "Align centres"],
  right: ["align_horizontal_right", "Align right edges"],
  top: ["align_vertical_top", "Align top edges"],
  middle: ["align_vertical_center", "Align middles"],
  bottom: ["align_vertical_bottom", "Align bottom edges"],
};

export function arrange(editor) {
  const { store, pages, panel } = editor;
  const placed = () => store.selected.filter((field) => !field.anchor);
  const put = (name, placesOf) => {
    const places = placesOf(placed());
    const change = (field) => {
      const page = pages.at(field.document, field.page);
      return places.has(field.key) && page ? onPage({ ...field, ...places.get(field.key) }, page.size) : {};
    };
    store.change([...places.keys()], change);
    announce(`${name}.`);
  };
  const align = (how, [symbol, name]) =>
    iconButton(symbol, name, () => put(name, (fields) => {
      const all = bounds(fields);
      return new Map(fields.map((field) => [field.key, ALIGNMENTS[how](field, all)]));
    }));
  const spread = (axis, symbol, name) => iconButton(symbol, name, () => put(name, (fields) => distribute(fields, axis)), { disabled: placed().length < 3 });
  const equalise = (sides, symbol, name) =>
    iconButton(symbol, name, () => {
      const [first] = store.selected; // all become like the first
      store.change([...store.selection], (field) => panel.sized(field, Object.fromEntries(sides.map((side) => [side, first[side]]))));
      announce(`${name}.`);
    });
  return h("div", { class: "fe-group" },
    h("div", { class: "fe-arrange", role: "group", "aria-label": "Align" }, Object.entries(NAMES).map(([how, names]) => align(how, names))),
    h("div", { class: "fe-arrange", role: "group", "aria-label": "Distribute and equalise" },
      spread("x", "horizontal_distribute", "Equal gaps from left to right"),
      spread("y", "vertical_distribute", "Equal gaps from top to bottom"),
      equalise(["width"], "width", "Same width as the first"),
      equalise(["height"], "height", "Same height as the first"),
      equalise(["width", "height"], "fit_screen", "Same size as the first")));
}
