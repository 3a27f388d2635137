/** What stands above the suggestions: the command or the option, what it takes, what is wrong. */

import { groupName } from "./commands.js";
import { h, icon } from "./dom.js";
import { limitsOf } from "./values.js";

const kind = (text, needed = false) => h("span", { class: needed ? "kind needed" : "kind", text });

function head(title, kinds, about, error) {
  return h(
    "div",
    { class: "option-head" },
    h("div", {}, h("strong", { text: title }), kinds),
    h("div", { class: "about", text: about }),
    error
      ? h("div", { class: "problem", role: "alert", "data-testid": "option-error" }, icon("warning"), error)
      : null,
  );
}

/** An option's name, type, limits and description. */
export function optionHead(option, error) {
  return head(
    option.label,
    [kind(limitsOf(option)), option.required ? kind("needed", true) : null],
    option.description,
    error,
  );
}

/** A command's name, group and description. */
export function commandHead(leaf, error) {
  return head(`/${leaf.line}`, [kind(groupName(leaf.group ?? ""))], leaf.summary, error);
}
