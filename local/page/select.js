/** Discord's string select: one or several values out of at most 25. Used in messages and modals. */

import { h, icon } from "./dom.js";
import { float } from "./popover.js";

let counter = 0;

/**
 * A select for Discord's JSON (type 3).
 *
 * `onChange(values)` comes when a choice is made; with several allowed, when the list closes.
 */
export function select(data, { onChange, label } = {}) {
  const several = (data.max_values ?? 1) > 1;
  const chosen = new Set(data.options.filter((option) => option.default).map((option) => option.value));
  const id = `select-${(counter += 1)}`;
  const button = h("button", {
    type: "button",
    class: "select",
    role: "combobox",
    "aria-haspopup": "listbox",
    "aria-expanded": "false",
    "aria-label": label ?? data.placeholder ?? "Make a choice",
    "data-custom-id": data.custom_id,
    "data-testid": "select",
    disabled: data.disabled === true,
  });
  const state = { data, several, chosen, id, button, onChange, floating: null, at: -1, before: "" };
  button.addEventListener("click", () => (state.floating ? state.floating.close() : open(state)));
  button.addEventListener("keydown", (event) => onKey(state, event));
  show(state);
  return { element: button, values: () => ordered(state) };
}

const ordered = ({ data, chosen }) =>
  data.options.map((option) => option.value).filter((value) => chosen.has(value));

function show(state) {
  const labels = state.data.options
    .filter((option) => state.chosen.has(option.value))
    .map((option) => option.label);
  const text = labels.length ? labels.join(", ") : (state.data.placeholder ?? "Make a selection");
  state.button.replaceChildren(
    h("span", { class: labels.length ? "" : "placeholder", text }),
    icon("chevron"),
  );
}

function open(state) {
  const list = h("div", {
    class: "select-list",
    role: "listbox",
    id: state.id,
    "aria-multiselectable": state.several,
    "data-testid": "select-list",
  });
  list.append(...state.data.options.map((option, index) => row(state, option, index)));
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the keys stay the button's
  state.before = ordered(state).join("\n");
  state.list = list;
  state.floating = float(state.button, list, { wide: true, onClose: () => closed(state) });
  state.button.setAttribute("aria-expanded", "true");
  state.button.setAttribute("aria-controls", state.id);
  move(
    state,
    Math.max(
      0,
      state.data.options.findIndex((option) => state.chosen.has(option.value)),
    ),
  );
}

function row(state, option, index) {
  return h(
    "div",
    {
      class: "select-option",
      role: "option",
      id: `${state.id}-${index}`,
      "aria-selected": state.chosen.has(option.value),
      onclick: () => choose(state, index),
      onpointermove: () => move(state, index),
    },
    h(
      "span",
      { class: "select-text" },
      option.label,
      option.description ? h("small", { text: option.description }) : null,
    ),
    h("span", { class: "tick" }, icon("check")),
  );
}

function closed(state) {
  state.floating = null;
  state.button.setAttribute("aria-expanded", "false");
  state.button.removeAttribute("aria-activedescendant");
  show(state);
  const enough = state.chosen.size >= (state.data.min_values ?? 1);
  if (state.several && enough && ordered(state).join("\n") !== state.before) state.onChange?.(ordered(state));
}

function move(state, index) {
  state.at = index;
  [...state.list.children].forEach((each, i) => each.classList.toggle("active", i === index));
  state.list.children[index].scrollIntoView({ block: "nearest" });
  state.button.setAttribute("aria-activedescendant", `${state.id}-${index}`);
}

function choose(state, index) {
  const { value } = state.data.options[index];
  if (!state.several) {
    state.chosen.clear();
    state.chosen.add(value);
    state.floating.close();
    state.button.focus();
    state.onChange?.([value]);
    return;
  }
  if (state.chosen.has(value)) state.chosen.delete(value);
  else if (state.chosen.size < state.data.max_values) state.chosen.add(value);
  state.list.children[index].setAttribute("aria-selected", state.chosen.has(value));
}

function onKey(state, event) {
  const { key } = event;
  const last = state.data.options.length - 1;
  if (!state.floating) {
    if (!["ArrowDown", "ArrowUp"].includes(key)) return;
    open(state);
  } else if (key === "ArrowDown") move(state, Math.min(last, state.at + 1));
  else if (key === "ArrowUp") move(state, Math.max(0, state.at - 1));
  else if (key === "Home") move(state, 0);
  else if (key === "End") move(state, last);
  else if (key === "Enter" || key === " ") choose(state, state.at);
  else if (key === "Escape") state.floating.close();
  else if (key === "Tab") return void state.floating.close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
