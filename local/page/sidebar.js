/** The left side: places to talk in, and who one acts as. */

import { avatar, fill, h, icon, iconButton } from "./dom.js";
import { openMenu } from "./popover.js";

const SECTIONS = [
  ["guild", "Server", "hash"],
  ["dm", "Direct message", "dm"],
  ["private_channel", "Group", "group"],
];
const THEMES = { system: ["Theme: the system's", "light", "system"], light: ["Theme: light", "dark", "sun"], dark: ["Theme: dark", "system", "moon"] };

export const iconOf = (place) => SECTIONS.find(([kind]) => kind === place.kind)?.[2] ?? "hash";
export const plainName = (place) => place.name.replace(/^[#@]/, "");

/** Draws the places; `unread` holds ids of places with news. */
export function drawPlaces(root, { places, place, unread, choose }) {
  const sections = SECTIONS.map(([kind, title]) => [title, places.filter((each) => each.kind === kind)]);
  fill(
    root,
    sections
      .filter(([, list]) => list.length)
      .map(([title, list]) => h("section", {}, h("h2", { text: title }), h("ul", {}, list.map((each) => h("li", {}, placeButton(each, each.id === place.id, unread.has(each.id), choose)))))),
  );
}

function placeButton(place, current, isUnread, choose) {
  return h(
    "button",
    { type: "button", class: `place${isUnread ? " unread" : ""}`, "aria-current": current ? "page" : null, "data-testid": `place-${place.kind}`, "data-place-id": place.id, onclick: () => choose(place) },
    icon(iconOf(place)),
    h("span", { class: "place-name", text: plainName(place) }),
    isUnread ? h("span", { class: "dot", "aria-label": "new messages" }) : null,
  );
}

/** Draws the panel at the bottom: who one acts as, theme, inspector. */
export function drawMe(root, { user, users, choose, theme, nextTheme, inspect, inspecting, shortcuts }) {
  const button = h(
    "button",
    { type: "button", class: "who", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": `Act as: ${user.name}. Change`, title: "Act as somebody else", "data-testid": "user-switch" },
    avatar(user.name, user.avatar_colour),
    h("span", { class: "who-name" }, h("strong", { text: user.name }), h("small", { text: user.developer ? "Developer" : "acting as" })),
  );
  button.addEventListener("click", () =>
    openMenu(button, "Act as", users.map((each) => ({ label: each.name, detail: each.developer ? "Developer of the bot" : "", lead: avatar(each.name, each.avatar_colour, "small"), checked: each.id === user.id, run: () => choose(each) }))),
  );
  const [label, next, sign] = THEMES[theme];
  fill(
    root,
    button,
    iconButton(sign, label, () => nextTheme(next), { "data-testid": "theme" }),
    iconButton("keys", "Keyboard shortcuts (Ctrl+/)", shortcuts, { class: "icon-button wide-only" }),
    iconButton("panel", "Inspector (Ctrl+I)", inspect, { "aria-pressed": inspecting, "data-testid": "inspector-toggle" }),
  );
}
