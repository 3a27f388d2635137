/** The top of the chat: where one is, what to know, and what an empty place says. */

import { fill, h, icon, iconButton } from "./dom.js";
import { iconOf, plainName } from "./sidebar.js";

const TOPICS = {
  guild: "Everybody here sees public answers",
  dm: "Just you and the bot",
  private_channel: "A group: the bot works here as your own app",
};
const CANNOT_SIGN =
  "This page cannot sign: the stack runs with a foreign public key. What you send is refused.";
const MOST_EXAMPLES = 8;

/** The bar above the messages. */
export function drawHead(root, place, { showSide, inspect }) {
  fill(
    root,
    iconButton("menu", "Places", showSide, {
      class: "icon-button narrow-only",
      "data-testid": "open-sidebar",
    }),
    icon(iconOf(place)),
    h("h1", { "data-testid": "place-name", text: plainName(place) }),
    h("span", { class: "topic", text: TOPICS[place.kind] }),
    h(
      "span",
      { class: "offline", id: "offline", role: "status", "data-testid": "offline", hidden: true },
      "Reconnecting…",
    ),
    iconButton("panel", "Inspector (Ctrl+I)", inspect, { class: "icon-button narrow-only" }),
  );
}

/** The bar that says why the page cannot do its work. */
export function drawNote(root, { can_sign: canSign, note }) {
  const text = note ?? (canSign ? "" : CANNOT_SIGN);
  root.hidden = !text;
  fill(root, icon("warning"), h("span", { text }));
}

/** The beginning of a place, with examples to start from; those with options tell the most. */
export function renderWelcome(place, leaves, prefill) {
  const lines = leaves.flatMap((leaf) => leaf.examples.slice(0, 1));
  const telling = lines.sort((a, b) => b.includes(":") - a.includes(":")).slice(0, MOST_EXAMPLES);
  const example = (line) =>
    h(
      "button",
      { type: "button", class: "example", "data-testid": "example", onclick: () => prefill(line) },
      h("code", { text: line }),
    );
  return h(
    "div",
    { class: "welcome", "data-testid": "welcome" },
    h("span", { class: "welcome-icon" }, icon(iconOf(place))),
    h("h2", { text: place.kind === "guild" ? `Welcome to #${plainName(place)}` : plainName(place) }),
    h(
      "p",
      {},
      "The whole bot runs on this machine. Type ",
      h("kbd", { text: "/" }),
      " for its commands, or begin with one of these:",
    ),
    h("div", { class: "examples" }, telling.map(example)),
  );
}
