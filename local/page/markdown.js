/** Discord's Markdown as DOM nodes. No HTML is ever parsed, so no input can become markup. */

import { copyFrom, h, icon, outLink, safeUrl } from "./dom.js";
import { timestamp } from "./time.js";

const MAX_DEPTH = 8;
const FENCE = /```(?:([\w+#.-]{1,20})\n)?([\s\S]+?)```/g;
const WORD = /[\p{L}\p{N}_]/u;

/**
 * A whole text: blocks and inline marks.
 *
 * `names` turns ids into what people read: `user(id)`, `channel(id)`, `command(name)` (a click).
 */
export function renderMarkdown(text, names = {}) {
  const root = h("div", { class: "markdown" });
  let from = 0;
  for (const match of text.matchAll(FENCE)) {
    addBlocks(root, text.slice(from, match.index).replace(/\n$/, ""), names);
    root.append(codeBlock(match[2].replace(/^\n+|\n+$/g, ""), match[1]));
    from = match.index + match[0].length;
    if (text[from] === "\n") from += 1;
  }
  addBlocks(root, text.slice(from), names);
  return root;
}

/** Inline marks only, for titles and names of fields. */
export function renderInline(text, names = {}) {
  return inline(text, names, 0);
}

function codeBlock(code, language) {
  const button = h(
    "button",
    { type: "button", class: "copy", "data-testid": "copy-code", onclick: () => copyFrom(button, code) },
    icon("copy"),
    "Copy",
  );
  return h(
    "div",
    { class: "code-block" },
    h(
      "pre",
      { tabindex: 0, "aria-label": language ? `Code, ${language}` : "Code" },
      h("code", { text: code }),
    ),
    button,
  );
}

function addBlocks(root, text, names) {
  if (!text) return;
  const lines = text.split("\n");
  let plain = [];
  const flush = () => {
    if (plain.length) root.append(h("div", { class: "text" }, inline(plain.join("\n"), names, 0)));
    plain = [];
  };
  for (let at = 0; at < lines.length;) {
    const [node, used] = block(lines, at, names);
    if (node) {
      flush();
      root.append(node);
    } else plain.push(lines[at]);
    at += used;
  }
  flush();
}

/** The block that starts at a line and how many lines it takes, or [null, 1]. */
function block(lines, at, names) {
  const line = lines[at];
  if (line.startsWith(">>> "))
    return [quote([line.slice(4), ...lines.slice(at + 1)], names), lines.length - at];
  if (line.startsWith("> ")) {
    const quoted = takeWhile(lines, at, (each) => each.startsWith("> "));
    return [
      quote(
        quoted.map((each) => each.slice(2)),
        names,
      ),
      quoted.length,
    ];
  }
  const heading = /^(#{1,3})\s+(\S.*)$/.exec(line);
  if (heading)
    return [
      h(
        "div",
        {
          class: `heading heading-${heading[1].length}`,
          role: "heading",
          "aria-level": heading[1].length + 2,
        },
        inline(heading[2], names, 0),
      ),
      1,
    ];
  const small = /^-# (\S.*)$/.exec(line);
  if (small) return [h("div", { class: "small" }, inline(small[1], names, 0)), 1];
  const items = takeWhile(lines, at, (each) => LIST_ITEM.test(each));
  return items.length ? [list(items, names), items.length] : [null, 1];
}

const LIST_ITEM = /^(\s*)([-*]|\d{1,9}\.)\s+(\S.*)$/;

function takeWhile(lines, at, test) {
  let end = at;
  while (end < lines.length && test(lines[end])) end += 1;
  return lines.slice(at, end);
}

function quote(lines, names) {
  const element = h("blockquote");
  addBlocks(element, lines.join("\n").replace(/^(>+ )+/gm, ""), names);
  return element;
}

/** A list; deeper indents nest, and a change of marker on one level does not start a new list. */
function list(lines, names) {
  const stack = [];
  for (const line of lines) {
    const [, space, marker, text] = LIST_ITEM.exec(line);
    while (stack.length > 1 && stack.at(-1).indent > space.length) stack.pop();
    if (!stack.length || (space.length > stack.at(-1).indent + 1 && stack.length < MAX_DEPTH)) {
      const ordered = marker.endsWith(".");
      const element = h(ordered ? "ol" : "ul", ordered ? { start: parseInt(marker, 10) } : {});
      stack.at(-1)?.list.lastElementChild.append(element);
      stack.push({ indent: space.length, list: element });
    }
    stack.at(-1).list.append(h("li", {}, inline(text, names, 0)));
  }
  return stack[0].list;
}

/** Marks that are found by a pattern: each gives a node, or null to leave the text as it is. */
const PATTERNS = [
  [/\\([^\p{L}\p{N}\s])/uy, (m) => document.createTextNode(m[1])],
  [/(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/y, (m) => h("code", { text: m[2].trim() || m[2] })],
  [
    /\[((?:\\.|[^[\]\\]){1,500})\]\(<?(https?:\/\/(?:[^\s<>()]|\([^\s<>()]*\))+)>?\)/y,
    (m, names, depth) => outLink(m[2], inline(m[1], names, depth + 1)),
  ],
  [/<(https?:\/\/[^\s>]+)>/y, (m) => outLink(m[1], m[1])],
  [/<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y, (m) => timestamp(Number(m[1]), m[2])],
  [/<\/([-\w' \p{L}\p{N}]{1,100}):\d{1,20}>/uy, (m, names) => commandMention(m[1], names)],
  [/<@!?(\d{1,20})>/y, (m, names) => mention(`@${names.user?.(m[1]) ?? "unknown-user"}`)],
  [/<@&(\d{1,20})>/y, () => mention("@role")],
  [/<#(\d{1,20})>/y, (m, names) => mention(`#${names.channel?.(m[1]) ?? "unknown"}`)],
  [/<a?:(\w{2,32}):\d{1,20}>/y, (m) => h("span", { class: "emoji-name", text: `:${m[1]}:` })],
  [
    /@(?:everyone|here)\b/y,
    (m) => h("span", { class: "mention silent", title: "The bot never pings anyone", text: m[0] }),
  ],
  [/https?:\/\/[^\s<]*[^\s<.,:;"'\])*_~|\\]/y, (m) => (safeUrl(m[0]) ? outLink(m[0], m[0]) : null)],
];

/** Marks that wrap other text: delimiter and how the wrapped part looks. */
const WRAPPERS = [
  ["||", (inner) => spoiler(inner)],
  ["***", (inner) => h("strong", {}, h("em", {}, inner))],
  ["**", (inner) => h("strong", {}, inner)],
  ["__", (inner) => h("u", {}, inner)],
  ["~~", (inner) => h("s", {}, inner)],
  ["*", (inner) => h("em", {}, inner)],
  ["_", (inner) => h("em", {}, inner)],
];
const MAY_START_MARK = /[\\`[<@h|*_~]/;

function inline(text, names, depth) {
  const out = document.createDocumentFragment();
  let plain = "";
  for (let at = 0; at < text.length;) {
    const [node, next] = MAY_START_MARK.test(text[at]) ? mark(text, at, names, depth) : [null, at];
    if (node) {
      if (plain) out.append(plain);
      plain = "";
      out.append(node);
      at = next;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  if (plain) out.append(plain);
  return out;
}

function mark(text, at, names, depth) {
  for (const [pattern, make] of PATTERNS) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    const node = match && make(match, names, depth);
    if (node) return [node, at + match[0].length];
  }
  if (depth >= MAX_DEPTH) return [null, at];
  for (const [delimiter, make] of WRAPPERS) {
    const end = text.startsWith(delimiter, at) ? closing(text, at, delimiter) : -1;
    if (end > 0)
      return [make(inline(text.slice(at + delimiter.length, end), names, depth + 1)), end + delimiter.length];
  }
  return [null, at];
}

/** Where the delimiter that was opened at a place closes again, or -1. One pass, no backtracking. */
function closing(text, at, delimiter) {
  const start = at + delimiter.length;
  const single = delimiter.length === 1;
  if (single && (/\s/.test(text[start] ?? " ") || (delimiter === "_" && WORD.test(text[at - 1] ?? " "))))
    return -1;
  for (let end = start; end < text.length; end += 1) {
    if (text[end] === "\\") end += 1;
    else if (text[end] === "`") end = afterCode(text, end);
    else if (single && text[end] === delimiter && text[end + 1] === delimiter) end += 1;
    else if (end > start && text.startsWith(delimiter, end) && mayClose(text, end, delimiter)) return end;
  }
  return -1;
}

function afterCode(text, at) {
  const end = text.indexOf("`", at + 1);
  return end < 0 ? at : end;
}

function mayClose(text, end, delimiter) {
  const after = text[end + delimiter.length] ?? " ";
  if (delimiter === "*") return !/\s/.test(text[end - 1]);
  if (delimiter === "_") return !WORD.test(after);
  return after !== delimiter[0];
}

function spoiler(inner) {
  const element = h(
    "span",
    {
      class: "spoiler",
      role: "button",
      tabindex: 0,
      "aria-expanded": "false",
      "aria-label": "Spoiler, hidden. Press to show",
    },
    h("span", {}, inner),
  );
  const show = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    element.classList.add("shown");
    for (const name of ["role", "tabindex", "aria-label", "aria-expanded"]) element.removeAttribute(name);
  };
  element.addEventListener("click", show, { once: true });
  element.addEventListener("keydown", show);
  return element;
}

function mention(text) {
  return h("span", { class: "mention", text });
}

function commandMention(name, names) {
  if (!names.command) return mention(`/${name}`);
  return h("button", {
    type: "button",
    class: "mention",
    onclick: () => names.command(name),
    text: `/${name}`,
  });
}
