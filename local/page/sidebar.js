/** The left side: places to talk in, and who one acts as. */

import { avatar, fill, h, icon, iconButton } from "./dom.js";
import { openMenu } from "./popover.js";

const ICONS = { guild: "hash", dm: "dm", private_channel: "group" };
const DIRECT = "Direct messages";
const THEMES = {
  system: ["Theme: the system's", "light", "system"],
  light: ["Theme: light", "dark", "sun"],
  dark: ["Theme: dark", "system", "moon"],
};

export const iconOf = (place) => ICONS[place.kind];

/** "Tea House #lobby" → Tea House and lobby; direct messages have a section of their own. */
function namesOf({ kind, name }) {
  if (kind !== "guild")
    return [DIRECT, /“(.+)”$/.exec(name)?.[1] ?? name.replace(/^Direct message with /, "")];
  const [, guild, channel] = /^(.*?)\s*#(.+)$/.exec(name) ?? [];
  return [guild || "Server", channel ?? name];
}

/** The name of a place without its server or kind. */
export const plainName = (place) => namesOf(place)[1];

/** Draws the places; `unread` holds ids of places with news. */
export function drawPlaces(root, { places, place, unread, choose }) {
  const titles = [...new Set(places.map((each) => namesOf(each)[0]))];
  const sections = titles.map((title) => [title, places.filter((each) => namesOf(each)[0] === title)]);
  fill(
    root,
    sections.map(([title, list]) =>
      h(
        "section",
        {},
        h("h2", { text: title }),
        h(
          "ul",
          {},
          list.map((each) =>
            h("li", {}, placeButton(each, each.id === place.id, unread.has(each.id), choose)),
          ),
        ),
      ),
    ),
  );
}

function placeButton(place, current, isUnread, choose) {
  return h(
    "button",
    {
      type: "button",
      class: `place${isUnread ? " unread" : ""}`,
      "aria-current": current ? "page" : null,
      "data-testid": `place-${place.kind}`,
      "data-place-id": place.id,
      onclick: () => choose(place),
    },
    icon(iconOf(place)),
    h("span", { class: "place-name", text: plainName(place) }),
    isUnread ? h("span", { class: "dot", "aria-label": "new messages" }) : null,
  );
}

/** What Discord's client is set to, by which it names commands and the bot answers. */
function languageSelect({ locale, locales, speak }) {
  const options = locales.map(({ code, name }) =>
    h("option", { value: code, lang: code, selected: code === locale, text: name }),
  );
  const list = h("select", { "data-testid": "locale", onchange: () => speak(list.value) }, options);
  return h(
    "label",
    { class: "language", title: "Discord's language, of whom one acts as" },
    icon("globe"),
    h("span", { class: "off-screen", text: "Discord's language" }),
    list,
  );
}

/** Draws the panel at the bottom: who one acts as, Discord's language, theme, inspector. */
export function drawMe(root, { user, users, choose, theme, nextTheme, inspect, inspecting, shortcuts, ...rest }) {
  const button = h(
    "button",
    {
      type: "button",
      class: "who",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": `Act as: ${user.name}. Change`,
      title: "Act as somebody else",
      "data-testid": "user-switch",
    },
    avatar(user.name, user.avatar_colour),
    h(
      "span",
      { class: "who-name" },
      h("strong", { text: user.name }),
      h("small", { text: user.developer ? "Developer" : "acting as" }),
    ),
  );
  button.addEventListener("click", () =>
    openMenu(
      button,
      "Act as",
      users.map((each) => ({
        label: each.name,
        detail: each.developer ? "Developer of the bot" : "",
        lead: avatar(each.name, each.avatar_colour, "small"),
        checked: each.id === user.id,
        run: () => choose(each),
      })),
    ),
  );
  const [label, next, sign] = THEMES[theme];
  fill(
    root,
    languageSelect(rest),
    button,
    iconButton(sign, label, () => nextTheme(next), { "data-testid": "theme" }),
    iconButton("keys", "Keyboard shortcuts (Ctrl+/)", shortcuts, { class: "icon-button wide-only" }),
    iconButton("panel", "Inspector (Ctrl+I)", inspect, {
      "aria-pressed": inspecting,
      "data-testid": "inspector-toggle",
    }),
  );
}
