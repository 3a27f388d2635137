/** JSON as a coloured tree that folds. */

import { h } from "./dom.js";

const LONGEST = 20_000;

/** A value; parts deeper than `open` levels start folded. */
export function jsonView(value, open = 3) {
  return h("div", { class: "json", "data-testid": "json" }, node(value, open));
}

function node(value, open) {
  if (value === null || typeof value !== "object") return scalar(value);
  const list = Array.isArray(value);
  const entries = Object.entries(value);
  if (!entries.length) return h("span", { class: "mark", text: list ? "[]" : "{}" });
  return h(
    "details",
    { open: open > 0 },
    h("summary", {}, h("span", { class: "mark", text: list ? `[ ${entries.length} ]` : summary(value) })),
    h("div", { class: "json-body" }, entries.map(([key, each]) => h("div", { class: "json-entry" }, list ? null : [h("span", { class: "key", text: key }), ": "], node(each, open - 1)))),
  );
}

/** What a folded object shows: what it is called or says. */
function summary(value) {
  const telling = value.event ?? value.message ?? value.name ?? value.custom_id;
  return typeof telling === "string" ? `{ ${telling.slice(0, 60)} }` : "{ … }";
}

function scalar(value) {
  const kind = value === null ? "null" : typeof value;
  const text = kind === "string" ? JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value) : String(value);
  return h("span", { class: kind, text });
}
