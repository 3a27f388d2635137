/** One message of the chat. */

import { attachmentOf, renderAttachment } from "./attachments.js";
import { renderRows } from "./components.js";
import { avatar, h, icon, iconButton } from "./dom.js";
import { renderEmbed } from "./embed.js";
import { renderMarkdown } from "./markdown.js";
import { messageTime } from "./time.js";

const SUPPRESS_EMBEDS = 4;

/**
 * A message as an element.
 *
 * `actions`: names (for mentions), colourOf(userId), shownLine(line), use(action), dismiss(),
 * inspect(), more(button), userMenu(button) or null.
 */
export function renderMessage(message, actions) {
  return h(
    "article",
    {
      class: `message${message.private ? " private" : ""}${message.interaction ? " answers" : ""}`,
      "data-testid": "message",
      "data-message-id": message.id,
      "data-private": String(Boolean(message.private)),
      "data-deferred": String(Boolean(message.deferred)),
      "aria-label": `${message.author.name}${message.interaction ? ` answers ${message.interaction.user.name}` : ""}`,
    },
    message.interaction && usedLine(message.interaction, actions, actions.shownLine),
    bot(),
    h(
      "div",
      { class: "message-body" },
      header(message, actions),
      message.deferred ? thinking(message) : content(message, actions),
      message.private && privateLine(message, actions),
    ),
    h(
      "div",
      { class: "tools", role: "toolbar", "aria-label": "Message" },
      iconButton("panel", "Inspect this interaction", actions.inspect),
      moreButton(actions),
    ),
  );
}

/** What stands in the chat between Enter and the bot's first sign of life. */
export function renderSending(user, line) {
  return h(
    "article",
    { class: "message answers sending", "data-testid": "sending" },
    usedLine({ name: line, user }, { colourOf: () => user.avatar_colour, userMenu: null }),
    bot(),
    h(
      "div",
      { class: "message-body" },
      h("div", { class: "message-head" }, h("span", { class: "author", text: "UtilsBot+" }), tag()),
      h("div", { class: "thinking" }, "Sending the command", dots()),
    ),
  );
}

/** A refusal that came from the page or the endpoint, not from a command. */
export function renderFailure(user, line, reason, dismiss) {
  const leave = h("button", {
    type: "button",
    class: "inline-link",
    onclick: dismiss,
    text: "Dismiss message",
  });
  return h(
    "article",
    { class: "message answers private failure", "data-testid": "failure", role: "alert" },
    usedLine({ name: line, user }, { colourOf: () => user.avatar_colour, userMenu: null }),
    bot(),
    h(
      "div",
      { class: "message-body" },
      h("div", { class: "message-head" }, h("span", { class: "author", text: "UtilsBot+" }), tag()),
      h(
        "div",
        { class: "did-not-respond" },
        icon("warning"),
        h("span", {}, "The application did not respond", h("small", { text: reason })),
      ),
      h("div", { class: "private-line" }, icon("eye"), "Only you can see this · ", leave),
    ),
  );
}

function bot() {
  return h("img", { class: "avatar bot-avatar", src: "/static/mark.svg", alt: "", width: 40, height: 40 });
}

const tag = () => h("span", { class: "app-tag", text: "APP" });
const dots = () => h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));

function usedLine(interaction, actions, shownLine = (line) => line) {
  const { user } = interaction;
  const name = actions.userMenu
    ? h("button", {
        type: "button",
        class: "used-name",
        "aria-haspopup": "menu",
        onclick: (event) => actions.userMenu(event.currentTarget, user),
        text: user.name,
      })
    : h("span", { class: "used-name", text: user.name });
  const what = interaction.name.replace(/^\//, "");
  return h(
    "div",
    { class: "used", "data-testid": "used" },
    h("span", { class: "spine", "aria-hidden": "true" }),
    avatar(user.name, actions.colourOf(user.id), "tiny"),
    name,
    " used ",
    h("span", { class: "mention", text: what ? shownLine(interaction.name) : "UtilsBot+" }),
  );
}

function header(message, actions) {
  const { timings } = message;
  return h(
    "div",
    { class: "message-head" },
    h("span", { class: "author", text: message.author.name }),
    message.author.bot && tag(),
    messageTime(message.timestamp),
    timings && timingTag(timings, actions),
  );
}

function timingTag(timings, actions) {
  const parts = [
    ["acknowledged", timings.ack_ms],
    ["answered", timings.final_ms],
  ].filter(([, ms]) => Number.isFinite(ms));
  if (!parts.length) return null;
  const text = parts.map(([word, ms]) => `${word} in ${Math.round(ms)} ms`).join(" · ");
  return h("button", {
    type: "button",
    class: "timing",
    "data-testid": "timing",
    title: "Open the inspector",
    onclick: actions.inspect,
    text,
  });
}

function thinking(message) {
  return h(
    "div",
    { class: "thinking", "data-testid": "thinking" },
    dots(),
    `${message.author.name} is thinking…`,
  );
}

function content(message, actions) {
  const embeds = (message.flags ?? 0) & SUPPRESS_EMBEDS ? [] : (message.embeds ?? []);
  const shown = new Set(
    embeds
      .flatMap((embed) => [embed.image, embed.thumbnail])
      .map((image) => image?.url && attachmentOf(message, image.url))
      .filter(Boolean),
  );
  const files = (message.attachments ?? []).filter((attachment) => !shown.has(attachment));
  const text = message.content ? renderMarkdown(message.content, actions.names) : null;
  if (message.edited) (text ?? h("span")).append(h("span", { class: "edited", text: "(edited)" }));
  return h(
    "div",
    { class: "content", "data-testid": "content" },
    text,
    files.map(renderAttachment),
    embeds.map((embed) => renderEmbed(embed, message, actions.names)),
    message.components?.length ? renderRows(message.components, actions.use) : null,
  );
}

function privateLine(message, actions) {
  const leave = h("button", {
    type: "button",
    class: "inline-link",
    "data-testid": "dismiss",
    onclick: actions.dismiss,
    text: "Dismiss message",
  });
  return h(
    "div",
    { class: "private-line", "data-testid": "private-line" },
    icon("eye"),
    "Only you can see this · ",
    leave,
  );
}

function moreButton(actions) {
  const button = iconButton("more", "More", () => actions.more(button), {
    "aria-haspopup": "menu",
    "aria-expanded": "false",
  });
  return button;
}
