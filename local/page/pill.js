/** One option of a command in the composer: its name and the place to type, choose or attach. */

import { TYPE } from "./commands.js";
import { h, icon } from "./dom.js";
import { fileText } from "./values.js";

const grows = CSS.supports("field-sizing", "content");

/** Makes a text input as wide as what it holds, where CSS cannot. */
export function fit(input) {
  if (!grows) input.style.width = `${Math.max(1, input.value.length || input.placeholder.length) + 1}ch`;
}

/**
 * A pill. `on`: input(pill, event), focus(pill), key(pill, event), remove(pill), changed(pill).
 * It holds {text, choice, file}; `input` is what takes the focus.
 */
export function createPill(option, on) {
  const pill = { option, text: "", choice: null, file: null, error: "" };
  const attaches = option.type === TYPE.ATTACHMENT;
  pill.input = attaches ? fileInput(pill, on) : textInput(pill, on);
  pill.element = h(
    "div",
    {
      class: `pill${option.required ? " required" : ""}`,
      "data-testid": `option-${option.name}`,
      onmousedown: (event) => toInput(event, pill),
    },
    h("span", { class: "pill-name", text: option.label }),
    h("span", { class: "pill-value" }, pill.input),
    option.required
      ? null
      : h(
          "button",
          {
            type: "button",
            class: "pill-remove",
            tabindex: -1,
            "aria-label": `Leave out ${option.label}`,
            onclick: () => on.remove(pill),
          },
          icon("close"),
        ),
  );
  return pill;
}

function toInput(event, pill) {
  if (event.target.closest("button, input")) return;
  event.preventDefault();
  pill.input.focus();
}

function textInput(pill, on) {
  const { option } = pill;
  const input = h("input", {
    type: "text",
    class: "pill-input",
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-label": `${option.label}: ${option.description}`,
    "aria-required": Boolean(option.required),
    autocomplete: "off",
    spellcheck: "false",
    autocapitalize: "off",
    enterkeyhint: "send",
    inputmode: option.type === TYPE.INTEGER ? "numeric" : option.type === TYPE.NUMBER ? "decimal" : null,
  });
  input.addEventListener("input", (event) => {
    pill.text = input.value;
    if (pill.choice?.label !== input.value) pill.choice = null;
    fit(input);
    on.input(pill, event);
  });
  input.addEventListener("focus", () => on.focus(pill));
  input.addEventListener("keydown", (event) => on.key(pill, event));
  return input;
}

function fileInput(pill, on) {
  const { option } = pill;
  const picker = h("input", {
    type: "file",
    class: "off-screen",
    tabindex: -1,
    "aria-hidden": "true",
    "data-testid": `file-${option.name}`,
    accept: option.file_types?.join(","),
  });
  const button = h(
    "button",
    {
      type: "button",
      class: "pill-file",
      "aria-label": `${option.label}: ${option.description}. Choose a file`,
    },
    icon("file"),
    h("span", { text: "Choose, paste or drop a file" }),
  );
  picker.addEventListener("change", () => {
    if (picker.files[0]) on.changed(pill, picker.files[0]);
    picker.value = "";
  });
  button.addEventListener("click", () => picker.click());
  button.addEventListener("focus", () => on.focus(pill));
  button.addEventListener("keydown", (event) => on.key(pill, event));
  button.append(picker);
  picker.addEventListener("click", (event) => event.stopPropagation());
  return button;
}

/** Puts text in, as typing does but without asking anyone. */
export function setText(pill, text, choice = null) {
  pill.text = text;
  pill.choice = choice;
  pill.input.value = text;
  fit(pill.input);
}

/** Puts a file in; pictures show themselves. */
export function setFile(pill, file) {
  pill.file = file;
  pill.input.querySelector("span").textContent = fileText(file);
  pill.input.querySelector("img")?.remove();
  if (!file.type.startsWith("image/")) return;
  const image = h("img", { alt: "", src: URL.createObjectURL(file) });
  image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  pill.input.prepend(image);
}

/** Marks what is wrong with the pill, or nothing. */
export function setError(pill, error) {
  pill.error = error;
  pill.element.classList.toggle("wrong", Boolean(error));
  pill.input.setAttribute("aria-invalid", String(Boolean(error)));
}
