/** Buttons and selects under a message: they act once, show that they wait, and say when they fail. */

import { h, icon, outLink } from "./dom.js";
import { select } from "./select.js";

const BUTTON = 2;
const SELECT = 3;
const LINK_STYLE = 5;
const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link" };

/** The component rows; `use({custom_id, component_type, values})` rejects when it failed. */
export function renderRows(rows, use) {
  const root = h("div", { class: "rows" });
  const failure = h("div", {
    class: "failed",
    role: "alert",
    "data-testid": "component-error",
    hidden: true,
  });
  const act = async (element, action) => {
    lock(root, element);
    failure.hidden = true;
    try {
      await use(action);
    } catch (error) {
      failure.replaceChildren(
        icon("warning"),
        h("span", {}, "This interaction failed", h("small", { text: error.message })),
      );
      failure.hidden = false;
      unlock(root);
    }
  };
  root.append(
    ...rows.map((row) =>
      h(
        "div",
        { class: "row", role: "group" },
        (row.components ?? []).map((component) => render(component, act)),
      ),
    ),
    failure,
  );
  return root;
}

function render(component, act) {
  if (component.type === BUTTON)
    return component.style === LINK_STYLE ? linkButton(component) : button(component, act);
  if (component.type === SELECT) return choice(component, act);
  return h(
    "span",
    { class: "foreign" },
    icon("warning"),
    `This page does not draw components of type ${component.type}.`,
  );
}

function label(component) {
  return [
    component.emoji?.name && h("span", { class: "emoji", "aria-hidden": "true", text: component.emoji.name }),
    component.label,
  ];
}

function button(component, act) {
  const element = h(
    "button",
    {
      type: "button",
      class: `button ${STYLES[component.style] ?? "secondary"}`,
      disabled: component.disabled === true,
      "data-custom-id": component.custom_id,
      "data-testid": "button",
      "aria-label": component.label ? null : component.emoji?.name,
    },
    h("span", { class: "button-label" }, label(component)),
    h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
  );
  element.addEventListener("click", () =>
    act(element, { custom_id: component.custom_id, component_type: BUTTON }),
  );
  return element;
}

function linkButton(component) {
  const link = outLink(component.url, label(component), icon("link"));
  link.classList.add("button", "secondary");
  return link;
}

function choice(component, act) {
  const made = select(component, {
    onChange: (values) =>
      act(made.element, { custom_id: component.custom_id, component_type: SELECT, values }),
  });
  return made.element;
}

function lock(root, element) {
  for (const each of root.querySelectorAll("button:not([disabled])")) {
    each.disabled = true;
    each.dataset.locked = "";
  }
  element.dataset.pending = "";
  element.setAttribute("aria-busy", "true");
}

/** Makes the components usable again; the message that an answer edits is drawn anew anyway. */
export function unlock(root) {
  for (const each of root.querySelectorAll("[data-locked]")) {
    each.disabled = false;
    delete each.dataset.locked;
    delete each.dataset.pending;
    each.removeAttribute("aria-busy");
  }
}
