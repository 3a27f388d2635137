/** The pages of the inspector. */

import { copyFrom, h, icon } from "./dom.js";
import { jsonView } from "./json_view.js";

/** A titled JSON value with a button that copies it. */
export function jsonPart(title, value) {
  if (value === null || value === undefined)
    return h("p", { class: "empty", text: "Nothing was recorded here." });
  const copy = h(
    "button",
    { type: "button", class: "quiet", onclick: () => copyFrom(copy, JSON.stringify(value, null, 2)) },
    icon("copy"),
    "Copy",
  );
  return h("section", { class: "part" }, h("header", {}, h("h3", { text: title }), copy), jsonView(value));
}

/** How long it took, as bars against each other, and the facts. */
export function timingView(entry) {
  const { ack_ms: ack, final_ms: final } = entry.timings;
  const longest = Math.max(ack ?? 0, final ?? 0, 1);
  const bar = (label, ms, className) =>
    Number.isFinite(ms) &&
    h(
      "div",
      { class: "bar-row" },
      h("span", { text: label }),
      barOf(ms / longest, className),
      h("strong", { text: `${Math.round(ms)} ms` }),
    );
  return [
    h("div", { class: "bars" }, bar("acknowledged in", ack, "ack"), bar("answered in", final, "final")),
    h("p", {
      class: "quiet-text",
      text: "Discord waits 3000 ms for the acknowledgement and 15 minutes for the answer.",
    }),
    h(
      "dl",
      { class: "facts" },
      fact("Interaction", entry.id),
      fact("Command", entry.line),
      fact("Status", entry.status),
      fact("Callback type", callbackName(entry.callback)),
      fact("API calls", entry.calls.length),
      entry.error && fact("Error", entry.error),
    ),
  ];
}

function barOf(share, className) {
  const fillOf = h("span", { class: className });
  fillOf.style.width = `${Math.max(2, share * 100)}%`;
  return h("span", { class: "bar" }, fillOf);
}

const fact = (name, value) =>
  value === null || value === undefined || value === ""
    ? null
    : [h("dt", { text: name }), h("dd", { text: value })];

const CALLBACKS = {
  1: "PONG",
  4: "CHANNEL_MESSAGE_WITH_SOURCE",
  5: "DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE",
  6: "DEFERRED_UPDATE_MESSAGE",
  7: "UPDATE_MESSAGE",
  8: "APPLICATION_COMMAND_AUTOCOMPLETE_RESULT",
  9: "MODAL",
};
const callbackName = (callback) => callback && `${callback.type} ${CALLBACKS[callback.type] ?? ""}`;

/** The calls of Discord's API that the bot made for an interaction. */
export function callsView(entry) {
  if (!entry.calls.length)
    return h("p", { class: "empty", text: "The bot made no call to Discord's API for this one." });
  return entry.calls.map(({ request, response }) =>
    h(
      "details",
      { class: "call", open: entry.calls.length === 1 },
      h(
        "summary",
        {},
        h("code", { text: `${request?.method ?? ""} ${request?.path ?? ""}`.trim() || "call" }),
        h("span", {
          class: `status ${(response?.status ?? 200) < 400 ? "good" : "bad"}`,
          text: response?.status ?? "",
        }),
      ),
      jsonPart("Request", request),
      jsonPart("Response", response),
    ),
  );
}

/** Log lines: the interaction's own, then those that belong to none. */
export function logView(own, loose) {
  if (!own.length && !loose.length)
    return h("p", { class: "empty", text: "The functions have not logged anything yet." });
  return [
    own.length ? logLines("This interaction", own) : null,
    loose.length ? logLines("Everything else", loose) : null,
  ];
}

function logLines(title, events) {
  return h(
    "section",
    { class: "part" },
    h("header", {}, h("h3", { text: title })),
    h(
      "ol",
      { class: "log", "data-testid": "log-lines" },
      events.map((event) =>
        h(
          "li",
          { class: levelOf(event.line) },
          h("span", { class: "function", text: event.function }),
          typeof event.line === "string"
            ? h("code", { text: event.line })
            : jsonView(event.line, 0, told(event.line)),
        ),
      ),
    ),
  );
}

/** A log line in a phrase: "command hash ok 17.9 ms". */
function told({ event, command, outcome, verdict, duration_ms: ms }) {
  return [event, command, outcome ?? verdict, ms === undefined ? null : `${ms} ms`]
    .filter(Boolean)
    .join(" · ");
}

function levelOf(line) {
  const level = String(line?.level ?? "").toLowerCase();
  return ["warning", "error", "critical"].includes(level) ? level : "";
}
