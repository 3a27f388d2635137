/** The inspector: what Discord and the bot really said to each other, how long it took, the logs. */

import { fill, h, icon, iconButton } from "./dom.js";
import { callsView, jsonPart, logView, timingView } from "./inspect_views.js";

const MOST_INTERACTIONS = 60;
const MOST_LINES = 400;
const ENDPOINT = "/interactions";
const [COMPONENT, AUTOCOMPLETE, MODAL] = [3, 4, 5];
const BUTTON = 2;
const AUTOCOMPLETE_LOGGED = "application_command_autocomplete";
const TABS = [
  ["timing", "Timings"],
  ["request", "Request"],
  ["callback", "Answer"],
  ["calls", "Calls"],
  ["logs", "Logs"],
];

/** Keeps what happened, by interaction, and draws it when it is open. */
export class Inspector {
  constructor(root, { onToggle }) {
    Object.assign(this, {
      root,
      onToggle,
      entries: [],
      chosen: null,
      follow: true,
      tab: "timing",
      loose: [],
      drawing: false,
    });
  }

  get open() {
    return !this.root.hidden;
  }

  toggle(open = !this.open) {
    this.root.hidden = !open;
    if (open) {
      this.draw();
      this.root.querySelector("[role=tab][aria-selected=true]")?.focus();
    }
    this.onToggle(open);
  }

  /** The record of an interaction, made when it is first heard of. */
  entry(id, line = "") {
    let entry = this.entries.find((each) => each.id === id);
    if (!entry) {
      entry = {
        id,
        line,
        request: null,
        callback: null,
        status: null,
        error: null,
        calls: [],
        logs: [],
        timings: {},
      };
      this.entries.unshift(entry);
      this.entries.length = Math.min(this.entries.length, MOST_INTERACTIONS);
      if (this.follow) this.chosen = entry;
    }
    if (line) entry.line = line;
    return entry;
  }

  /** What a POST of the page brought back. */
  answered(answer) {
    if (!answer.interaction_id) return;
    const entry = this.entry(answer.interaction_id);
    Object.assign(entry, { callback: answer.callback, status: answer.status, error: answer.error });
    learn(entry.timings, answer.timings, timesOf(answer.message, entry.id));
    this.redraw();
  }

  /** A message that came or changed may know the final time. */
  message(message) {
    const entry = this.entries.find((each) => each.id === message.timings?.interaction_id);
    if (!entry) return;
    learn(entry.timings, timesOf(message, entry.id));
    this.redraw();
  }

  /** One exchange over HTTP: with the endpoint it is the interaction itself, else an API call. */
  exchange({ request, response, interaction_id: id }) {
    if (request.path === ENDPOINT) {
      if (AUTOCOMPLETE === request.json?.type || !id) return;
      const entry = this.entry(id, lineOf(request.json));
      Object.assign(entry, {
        request: request.json,
        callback: response.json ?? null,
        status: response.status,
      });
      entry.timings.ack_ms ??= response.ms;
    } else if (id) this.entry(id).calls.push({ request, response });
    this.redraw();
  }

  log(event) {
    const id = event.line?.type === AUTOCOMPLETE_LOGGED ? null : idOfLine(event.line);
    const list = id ? this.entry(id).logs : this.loose;
    list.push(event);
    if (list.length > MOST_LINES) list.shift();
    this.redraw();
  }

  /** Opens on one interaction and stays there. */
  show(id) {
    const entry = this.entries.find((each) => each.id === id);
    this.chosen = entry ?? this.chosen;
    this.follow = !entry || entry === this.entries[0];
    this.toggle(true);
  }

  redraw() {
    if (!this.open || this.drawing) return;
    this.drawing = true;
    requestAnimationFrame(() => {
      this.drawing = false;
      this.draw();
    });
  }

  draw() {
    const focused = document.activeElement?.dataset?.keep;
    const scrolled = this.root.querySelector(".inspect-body")?.scrollTop ?? 0;
    const entry = this.chosen;
    const body = h(
      "div",
      {
        class: "inspect-body",
        role: "tabpanel",
        id: "inspect-panel",
        "aria-labelledby": `tab-${this.tab}`,
        tabindex: 0,
        "data-testid": "inspector-body",
      },
      this.body(entry),
    );
    fill(this.root, this.head(), this.tabs(entry), body);
    body.scrollTop = scrolled;
    if (focused) this.root.querySelector(`[data-keep="${focused}"]`)?.focus();
  }

  head() {
    const picker = h("select", {
      "aria-label": "Interaction",
      "data-keep": "picker",
      "data-testid": "inspector-picker",
      onchange: () => this.pick(picker.value),
    });
    picker.append(
      ...this.entries.map((entry) =>
        h("option", {
          value: entry.id,
          selected: entry === this.chosen,
          text: `${entry.line || "interaction"} · …${entry.id.slice(-6)}`,
        }),
      ),
    );
    if (!this.entries.length) picker.append(h("option", { text: "Nothing yet: run a command" }));
    return h(
      "header",
      { class: "inspect-head" },
      h("strong", { text: "Inspector" }),
      picker,
      iconButton("close", "Close the inspector (Ctrl+I)", () => this.toggle(false), { "data-keep": "close" }),
    );
  }

  pick(id) {
    this.chosen = this.entries.find((entry) => entry.id === id) ?? null;
    this.follow = this.chosen === this.entries[0];
    this.draw();
  }

  tabs(entry) {
    const count = { calls: entry?.calls.length, logs: (entry?.logs.length ?? 0) || null };
    return h(
      "div",
      {
        class: "tabs",
        role: "tablist",
        "aria-label": "What to show",
        onkeydown: (event) => this.onTabKey(event),
      },
      TABS.map(([key, label]) =>
        h(
          "button",
          {
            type: "button",
            role: "tab",
            id: `tab-${key}`,
            "aria-selected": this.tab === key,
            "aria-controls": "inspect-panel",
            tabindex: this.tab === key ? 0 : -1,
            "data-keep": `tab-${key}`,
            "data-testid": `tab-${key}`,
            onclick: () => this.turn(key),
          },
          label,
          count[key] ? h("span", { class: "count", text: count[key] }) : null,
        ),
      ),
    );
  }

  turn(key) {
    this.tab = key;
    this.draw();
    this.root.querySelector(`#tab-${key}`).focus();
  }

  onTabKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = TABS.findIndex(([key]) => key === this.tab);
    this.turn(TABS[(at + step + TABS.length) % TABS.length][0]);
  }

  body(entry) {
    if (this.tab === "logs") return logView([...(entry?.logs ?? [])], this.loose);
    if (!entry)
      return h("p", {
        class: "empty",
        text: "Run a command, press a button or send a form: what went over the wire shows up here.",
      });
    if (this.tab === "timing") return timingView(entry);
    if (this.tab === "request")
      return jsonPart("The interaction, as it was signed and sent to POST /interactions", entry.request);
    if (this.tab === "callback")
      return [
        entry.error && h("p", { class: "problem" }, icon("warning"), entry.error),
        jsonPart(`The endpoint's answer${entry.status ? `, HTTP ${entry.status}` : ""}`, entry.callback),
      ];
    return callsView(entry);
  }
}

/** A message's times, if they are that interaction's: a press on it brings times of its own. */
function timesOf(message, id) {
  const { interaction_id: owner, ...times } = message?.timings ?? {};
  return owner === id ? times : null;
}

/** Takes timings over; what is not known yet never replaces what is, whichever comes first. */
function learn(timings, ...news) {
  for (const [name, ms] of news.flatMap((each) => Object.entries(each ?? {})))
    timings[name] = ms ?? timings[name];
}

/** What an interaction was, in a line: "/qr read", "button password/again". */
function lineOf({ type, data }) {
  if (type === COMPONENT) return `${data.component_type === BUTTON ? "button" : "select"} ${data.custom_id}`;
  if (type === MODAL) return `form ${data.custom_id}`;
  const nested = (data?.options ?? []).filter((option) => option.options).map((option) => option.name);
  return `${(data?.type ?? 1) === 1 ? "/" : ""}${[data?.name, ...nested].join(" ")}`;
}

function idOfLine(line) {
  return line && typeof line === "object" && line.interaction_id ? String(line.interaction_id) : null;
}
