/** JSON as a coloured tree that folds. */

import { h } from "./dom.js";

const LONGEST = 20_000;

/** A value; parts deeper than `open` levels start folded. With a `title`, the whole folds behind it. */
export function jsonView(value, open = 3, title = null) {
  const whole = title === null && isFull(value) ? entriesOf(value, open) : node(value, open, title);
  return h("div", { class: "json", "data-testid": "json" }, whole);
}

const isFull = (value) => value !== null && typeof value === "object" && Object.keys(value).length > 0;

function node(value, open, key) {
  if (!isFull(value)) return [key !== null && [key, ": "], scalar(value)];
  const mark = Array.isArray(value) ? `[${value.length}]` : briefly(value);
  return h(
    "details",
    { open: open > 0 },
    h("summary", {}, key, " ", h("span", { class: "mark", text: mark })),
    h("div", { class: "json-body" }, entriesOf(value, open)),
  );
}

function entriesOf(value, open) {
  const list = Array.isArray(value);
  return Object.entries(value).map(([key, each]) =>
    h(
      "div",
      { class: "json-entry" },
      node(each, open - 1, h("span", { class: list ? "mark" : "key", text: key })),
    ),
  );
}

/** What an object is called, to tell it from its neighbours while it is folded. */
function briefly({ name, title, custom_id: customId }) {
  const telling = [name, title, customId].find((each) => typeof each === "string" && each);
  return telling ? telling.slice(0, 60) : "";
}

function scalar(value) {
  if (value !== null && typeof value === "object")
    return h("span", { class: "mark", text: Array.isArray(value) ? "[]" : "{}" });
  const kind = value === null ? "null" : typeof value;
  const text =
    kind === "string"
      ? JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value)
      : String(value);
  return h("span", { class: kind, text });
}
