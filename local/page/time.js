/** Times: Discord's <t:…> styles, messages' stamps, and relative times that stay true. */

import { h } from "./dom.js";

const LOCALE = "en-GB";
const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};
const UNITS = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];
const FURTHEST_S = 8_640_000_000_000;
const relativeWords = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });

/** "in 12 seconds", "3 minutes ago": the largest unit that fits. */
export function relative(unix, now = Date.now() / 1000) {
  const seconds = Math.round(unix - now);
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? UNITS.at(-1);
  return relativeWords.format(Math.trunc(seconds / size), unit);
}

/** A <t:unix:style> as a <time>; the full date is its tooltip. Null for a time that is none. */
export function timestamp(unix, style = "f") {
  if (!Number.isFinite(unix) || Math.abs(unix) > FURTHEST_S) return null;
  const date = new Date(unix * 1000);
  const element = h("time", { class: "timestamp", datetime: date.toISOString(), title: format(date, "F") });
  if (style === "R") element.dataset.relative = String(unix);
  element.textContent = style === "R" ? relative(unix) : format(date, style);
  return element;
}

function format(date, style) {
  return new Intl.DateTimeFormat(LOCALE, STYLES[style] ?? STYLES.f).format(date);
}

/** The stamp in a message's header: "Today at 14:02", or the date. */
export function messageTime(iso) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return h("time", { class: "stamp" });
  const today = date.toDateString() === new Date().toDateString();
  const text = today ? `Today at ${format(date, "t")}` : format(date, "s");
  return h("time", { class: "stamp", datetime: date.toISOString(), title: format(date, "F"), text });
}

/** Keeps every relative time on the page true, once a second while anyone can see it. */
export function keepRelativeTimes() {
  setInterval(() => {
    if (document.hidden) return;
    for (const element of document.querySelectorAll("time[data-relative]")) {
      const text = relative(Number(element.dataset.relative));
      if (element.textContent !== text) element.firstChild.data = text;
    }
  }, 1000);
}
