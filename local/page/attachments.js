/** Files of a message: pictures inline, text with a preview, everything else as a card. */

import { copyFrom, h, humanSize, icon, isOwn, outLink, safeUrl } from "./dom.js";
import { openPicture } from "./lightbox.js";

const PREVIEW_BYTES = 20_000;
const PREVIEW_LINES = 8;
const PREVIEW_CHARACTERS = 600;
const TEXT_NAME =
  /\.(txt|md|json|csv|log|py|js|ts|html?|css|xml|ya?ml|toml|ini|sh|sql|c|cpp|java|rs|go|rb)$/i;

/** The attachment that an embed's "attachment://name" or plain address means, or null. */
export function attachmentOf(message, url) {
  const attachments = message.attachments ?? [];
  const name = /^attachment:\/\/(.+)$/.exec(url)?.[1];
  return attachments.find((each) => each.filename === name || each.url === url) ?? null;
}

/** One attachment as its kind wants to be seen. */
export function renderAttachment(attachment) {
  const type = attachment.content_type ?? "";
  if (type.startsWith("image/") && isOwn(attachment.url))
    return picture(attachment.url, attachment.description || attachment.filename, attachment.filename);
  if (type.startsWith("audio/") && isOwn(attachment.url))
    return h(
      "div",
      { class: "file" },
      head(attachment),
      h("audio", { controls: true, src: safeUrl(attachment.url), preload: "none" }),
    );
  if (isText(attachment) && isOwn(attachment.url)) return textFile(attachment);
  return h("div", { class: "file" }, head(attachment));
}

/** A picture that opens large when it is clicked. Pictures from elsewhere stay links. */
export function picture(url, alt, name = "", kind = "picture") {
  if (!isOwn(url))
    return h("span", { class: "foreign" }, icon("link"), outLink(url, `Picture from ${hostOf(url)}`));
  const image = h("img", { src: safeUrl(url), alt, "data-testid": "image" });
  const button = h(
    "button",
    {
      type: "button",
      class: kind,
      "aria-label": `Enlarge: ${alt}`,
      onclick: () => openPicture(safeUrl(url), alt, name),
    },
    image,
  );
  image.addEventListener("load", () => (image.dataset.loaded = ""));
  image.addEventListener("error", () =>
    button.replaceWith(
      h("span", { class: "foreign" }, icon("warning"), `The picture ${name || alt} does not load.`),
    ),
  );
  return button;
}

function hostOf(url) {
  const safe = safeUrl(url);
  return safe ? new URL(safe).host : "an address that is not http(s)";
}

function isText(attachment) {
  const type = attachment.content_type ?? "";
  return (
    type.startsWith("text/") ||
    /[/+]json\b/.test(type) ||
    (!type.startsWith("image/") && TEXT_NAME.test(attachment.filename))
  );
}

function head(attachment) {
  const url = safeUrl(attachment.url);
  return h(
    "div",
    { class: "file-head" },
    icon("file"),
    h(
      "div",
      { class: "file-name" },
      url ? outLink(url, attachment.filename) : attachment.filename,
      h("small", {
        text: [humanSize(attachment.size ?? 0), attachment.description].filter(Boolean).join(" · "),
      }),
    ),
    url &&
      h(
        "a",
        {
          class: "icon-button",
          href: url,
          download: attachment.filename,
          "aria-label": `Download ${attachment.filename}`,
          title: "Download",
        },
        icon("download"),
      ),
  );
}

function textFile(attachment) {
  const code = h("code", { text: "…" });
  const element = h(
    "div",
    { class: "file text-file", "data-testid": "text-file" },
    h("pre", { tabindex: 0, "aria-label": `Beginning of ${attachment.filename}` }, code),
  );
  const bar = h("div", { class: "file-bar" });
  element.append(bar, head(attachment));
  preview(attachment, code, bar).catch(() => {
    code.textContent = "No preview.";
  });
  return element;
}

async function preview(attachment, code, bar) {
  const response = await fetch(safeUrl(attachment.url), {
    headers: { range: `bytes=0-${PREVIEW_BYTES - 1}` },
  });
  if (!response.ok) throw new Error(String(response.status));
  const whole = await response.text();
  const text = whole.slice(0, PREVIEW_BYTES);
  const lines = text.split("\n");
  const short = lines.slice(0, PREVIEW_LINES).join("\n").slice(0, PREVIEW_CHARACTERS);
  code.textContent = short;
  const copy = h(
    "button",
    { type: "button", class: "quiet", onclick: () => copyFrom(copy, whole) },
    icon("copy"),
    "Copy",
  );
  bar.append(copy);
  if (short.length < text.length) bar.prepend(expander(code, short, text));
}

function expander(code, short, text) {
  const button = h(
    "button",
    { type: "button", class: "quiet", "aria-expanded": "false" },
    icon("chevron"),
    "Show more",
  );
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", open);
    button.lastChild.data = open ? "Show less" : "Show more";
    code.textContent = open ? text : short;
  });
  return button;
}
