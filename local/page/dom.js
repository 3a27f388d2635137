/** Building DOM nodes. Text only ever becomes text nodes: nothing here parses HTML. */

const SVG = "http://www.w3.org/2000/svg";

/** Icons as path data on a 24 by 24 grid, drawn for this page. */
const ICONS = {
  hash: "M9 4 7 20M17 4l-2 16M4.5 9h16M3.5 15h16",
  dm: "M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4v-4A2.5 2.5 0 0 1 4 13.5z",
  group:
    "M9 11a3.2 3.2 0 1 0 0-6.4a3.2 3.2 0 0 0 0 6.4zM3 19.5c0-3.3 2.7-5.5 6-5.5s6 2.2 6 5.5M16 5.2a3 3 0 0 1 0 5.6M17.5 14.3c2.2.7 3.5 2.6 3.5 5.2",
  globe:
    "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM3 12h18M12 3c2.6 2.6 3.8 5.6 3.8 9s-1.2 6.4-3.8 9c-2.6-2.6-3.8-5.6-3.8-9s1.2-6.4 3.8-9z",
  menu: "M4 7h16M4 12h16M4 17h16",
  panel: "M4 5h16v14H4zM14.5 5v14",
  sun: "M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
  system: "M4 5h16v11H4zM9 20h6M12 16v4",
  close: "M6 6l12 12M18 6 6 18",
  send: "M4 12 20 4.5 15.5 20 11.5 13.5zM11.5 13.5 20 4.5",
  file: "M7 3.5h7l4.5 4.5v12.5H7zM14 3.5V8h4.5",
  download: "M12 4v11M7.5 10.8 12 15.3l4.5-4.5M5 19.5h14",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  check: "M5 12.5l4.5 4.5L19 7.5",
  chevron: "M7 10l5 5 5-5",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 0 0 0-5z",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  link: "M13.5 5H19v5.5M19 5l-8 8M16 14.5V19H5V8h4.5",
  plus: "M12 5v14M5 12h14",
  down: "M12 5v13M6.5 12.5 12 18l5.5-5.5",
  slash: "M15.5 4 8.5 20",
  warning: "M12 4 2.8 19.5h18.4zM12 10v4.5M12 17h.01",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  keys: "M3.5 7h17v10h-17zM7 10.5h.01M10.3 10.5h.01M13.7 10.5h.01M17 10.5h.01M8.5 13.8h7",
};

/**
 * An element. Properties: `class`, `text`, `on<Event>` functions, `data-*`, `aria-*` and plain
 * attributes; true sets an empty attribute, false, null and undefined leave it out.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) set(element, name, value);
  append(element, children);
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined) return;
  if (typeof value === "function") element.addEventListener(name.slice(2).toLowerCase(), value);
  else if (name === "text") element.textContent = String(value);
  else if (name.startsWith("aria-")) element.setAttribute(name, String(value));
  else if (value === true) element.setAttribute(name, "");
  else if (value !== false && !name.startsWith("on") && name !== "style")
    element.setAttribute(name, String(value));
}

function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Puts these children in place of all others. */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/** A decorative icon by name. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of [
    ["viewBox", "0 0 24 24"],
    ["class", "icon"],
    ["aria-hidden", "true"],
  ]) {
    svg.setAttribute(key, value);
  }
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button that shows an icon only; the label is its accessible name and tooltip. */
export function iconButton(name, label, onclick, properties = {}) {
  return h(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...properties },
    icon(name),
  );
}

const LOOPBACK = new Set(["127.0.0.1", "localhost"]);

/**
 * An http(s) address as the browser understands it, or null for anything else.
 *
 * The stack names its files by 127.0.0.1; where the page was opened by localhost they are its own.
 */
export function safeUrl(text) {
  try {
    const url = new URL(text, location.href);
    if (url.port === location.port && LOOPBACK.has(url.hostname) && LOOPBACK.has(location.hostname))
      url.hostname = location.hostname;
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/** Whether the page may load the address itself: it makes no request to anyone but its own server. */
export function isOwn(url) {
  const safe = safeUrl(url);
  return safe !== null && new URL(safe).origin === location.origin;
}

/** A link that opens in a new tab and tells the target nothing. */
export function outLink(url, ...children) {
  const href = safeUrl(url);
  if (href === null) return h("span", {}, ...children);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, ...children);
}

/** A round avatar with the first letter of a name, in a colour of the user's own. */
export function avatar(name, colour, size = "") {
  const letter = [...(name || "?")][0].toUpperCase();
  const element = h("span", { class: `avatar ${size}`, "aria-hidden": "true", text: letter });
  if (/^#[0-9a-f]{3,8}$/i.test(colour || "")) element.style.setProperty("--avatar", colour);
  return element;
}

/** Copies text and says so on the button for a moment. */
export async function copyFrom(button, text) {
  await navigator.clipboard.writeText(text).catch(() => copyBySelection(text));
  const before = [...button.childNodes];
  button.replaceChildren(icon("check"), "Copied");
  setTimeout(() => button.replaceChildren(...before), 1500);
}

function copyBySelection(text) {
  const area = h("textarea", { class: "off-screen", "aria-hidden": "true" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/** Bytes as people write them: 512 B, 12.3 kB, 4.0 MB. */
export function humanSize(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_950) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
