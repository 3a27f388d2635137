/** Discord's embeds. */

import { attachmentOf, picture } from "./attachments.js";
import { h, outLink } from "./dom.js";
import { renderInline, renderMarkdown } from "./markdown.js";
import { messageTime } from "./time.js";

/** One embed of a message. */
export function renderEmbed(embed, message, names) {
  const element = h("article", {
    class: "embed",
    "data-testid": "embed",
    "aria-label": embed.title ? `Embed: ${embed.title}` : "Embed",
  });
  if (Number.isInteger(embed.color))
    element.style.setProperty("--bar", `#${(embed.color & 0xffffff).toString(16).padStart(6, "0")}`);
  const body = h(
    "div",
    { class: "embed-body" },
    embed.author?.name && h("div", { class: "embed-author" }, linked(embed.author.url, embed.author.name)),
    embed.title && h("div", { class: "embed-title" }, linked(embed.url, renderInline(embed.title, names))),
    embed.description && h("div", { class: "embed-text" }, renderMarkdown(embed.description, names)),
    embed.fields?.length ? h("div", { class: "embed-fields" }, fields(embed.fields, names)) : null,
  );
  element.append(body);
  if (embed.thumbnail?.url)
    element.append(h("div", { class: "embed-thumbnail" }, pictureOf(embed.thumbnail, message, "thumbnail")));
  if (embed.image?.url)
    element.append(h("div", { class: "embed-image" }, pictureOf(embed.image, message, "picture")));
  const foot = footer(embed);
  if (foot) element.append(foot);
  return element;
}

function linked(url, content) {
  return url ? outLink(url, content) : content;
}

function pictureOf(image, message, kind) {
  const attachment = attachmentOf(message, image.url);
  const alt = attachment?.description || image.description || attachment?.filename || "Picture of the embed";
  return picture(attachment?.url ?? image.url, alt, attachment?.filename, kind);
}

/** Up to three inline fields side by side, as Discord lays them out; others take a whole line. */
function fields(list, names) {
  const rows = [];
  for (const field of list) {
    const open = rows.at(-1);
    if (field.inline && open?.inline && open.fields.length < 3) open.fields.push(field);
    else rows.push({ inline: Boolean(field.inline), fields: [field] });
  }
  return rows.flatMap((row) =>
    row.fields.map((field) => oneField(field, row.inline ? 12 / row.fields.length : 12, names)),
  );
}

function oneField(field, span, names) {
  return h(
    "div",
    { class: `embed-field span-${span}` },
    h("div", { class: "embed-field-name" }, renderInline(field.name, names)),
    h("div", { class: "embed-field-value" }, renderMarkdown(field.value, names)),
  );
}

function footer(embed) {
  if (!embed.footer?.text && !embed.timestamp) return null;
  const both = embed.footer?.text && embed.timestamp;
  return h(
    "footer",
    { class: "embed-footer" },
    embed.footer?.text,
    both ? " · " : null,
    embed.timestamp ? messageTime(embed.timestamp) : null,
  );
}
