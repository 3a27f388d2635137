/** Discord's modals as accessible dialogs: the browser traps the focus, Escape closes. */

import { h, icon } from "./dom.js";
import { renderMarkdown } from "./markdown.js";
import { select } from "./select.js";

const ROW = 1;
const SELECT = 3;
const TEXT_INPUT = 4;
const TEXT_DISPLAY = 10;
const LABEL = 18;
const PARAGRAPH = 2;
const MAX_LENGTH = 4000;

/** Shows a modal. `submit(fields)` gets {name: value or [values]} and rejects when it failed. */
export function openModal(modal, { appName, submit }) {
  const fields = (modal.components ?? []).map(field);
  const failure = h("div", { class: "failed", role: "alert", "data-testid": "modal-error", hidden: true });
  const send = h(
    "button",
    { type: "submit", class: "button primary", "data-testid": "modal-submit" },
    h("span", { class: "button-label", text: "Submit" }),
    h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
  );
  const form = h(
    "form",
    { novalidate: true },
    fields.map((each) => each.element),
    failure,
    h(
      "footer",
      { class: "modal-foot" },
      h("button", {
        type: "button",
        class: "button secondary",
        onclick: () => dialog.close(),
        text: "Cancel",
      }),
      send,
    ),
  );
  const dialog = h(
    "dialog",
    { class: "modal", "aria-labelledby": "modal-title", "data-testid": "modal" },
    h(
      "header",
      { class: "modal-head" },
      h("img", { class: "avatar", src: "/static/mark.svg", alt: "", width: 36, height: 36 }),
      h("div", {}, h("h2", { id: "modal-title", text: modal.title }), h("small", { text: appName })),
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => dialog.close() },
        icon("close"),
      ),
    ),
    h("p", { class: "modal-hint", text: "This form goes to the UtilsBot+ that runs on this machine." }),
    form,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onSubmit({ dialog, fields, failure, send, submit });
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  fields[0]?.focus?.();
}

async function onSubmit({ dialog, fields, failure, send, submit }) {
  if (send.disabled) return;
  const wrong = fields.filter((each) => each.check && !each.check());
  if (wrong.length) return void wrong[0].focus();
  failure.hidden = true;
  send.disabled = true;
  send.dataset.pending = "";
  try {
    await submit(
      Object.fromEntries(fields.filter((each) => each.name).map((each) => [each.name, each.value()])),
    );
    dialog.close();
  } catch (error) {
    failure.replaceChildren(
      icon("warning"),
      h("span", {}, "Something went wrong. Try again.", h("small", { text: error.message })),
    );
    failure.hidden = false;
  }
  send.disabled = false;
  delete send.dataset.pending;
}

/** One part of a modal: a Label around an input, an old row, or text. */
function field(component, index) {
  if (component.type === TEXT_DISPLAY) return { element: renderMarkdown(component.content) };
  const input =
    component.type === LABEL
      ? component.component
      : component.type === ROW
        ? component.components[0]
        : component;
  const label = component.type === LABEL ? component.label : input.label;
  const frame = {
    id: `field-${index}`,
    label: label ?? input.custom_id,
    description: component.description,
    data: input,
  };
  if (input.type === TEXT_INPUT) return textField(frame);
  if (input.type === SELECT) return selectField(frame);
  return {
    element: h(
      "p",
      { class: "foreign" },
      icon("warning"),
      `This page does not draw components of type ${input.type} in modals.`,
    ),
  };
}

function framed({ id, label, description, data }, control, counter) {
  const problem = h("small", { class: "problem", id: `${id}-problem`, role: "alert" });
  const element = h(
    "div",
    { class: "field", "data-testid": `field-${data.custom_id}` },
    h(
      "label",
      { for: id },
      label,
      data.required === false
        ? h("span", { class: "optional", text: "optional" })
        : h("span", { class: "star", "aria-hidden": "true", text: "*" }),
    ),
    description && h("small", { class: "description", id: `${id}-about`, text: description }),
    control,
    h("div", { class: "field-foot" }, problem, counter),
  );
  const say = (text) => {
    problem.textContent = text;
    control.setAttribute("aria-invalid", String(Boolean(text)));
    return !text;
  };
  return { element, say };
}

function textField(frame) {
  const { id, data } = frame;
  const most = data.max_length ?? MAX_LENGTH;
  const paragraph = data.style === PARAGRAPH;
  const input = h(paragraph ? "textarea" : "input", {
    id,
    type: paragraph ? null : "text",
    name: data.custom_id,
    maxlength: most,
    placeholder: data.placeholder,
    autocomplete: "off",
    spellcheck: "false",
    rows: paragraph ? 4 : null,
    "aria-required": data.required !== false,
    "aria-describedby": `${id}-about ${id}-problem`,
  });
  input.value = data.value ?? "";
  const counter = h("small", { class: "counter", "aria-hidden": "true" });
  const { element, say } = framed(frame, input, counter);
  const count = () => {
    counter.textContent =
      data.max_length || input.value.length > most * 0.9 ? `${input.value.length} / ${most}` : "";
  };
  input.addEventListener("input", () => (count(), say("")));
  count();
  return {
    element,
    name: data.custom_id,
    value: () => input.value,
    focus: () => input.focus(),
    check: () => say(problemOf(data, input.value)),
  };
}

function problemOf(data, text) {
  if (data.required !== false && !text.trim()) return "This field is required.";
  if (text && text.length < (data.min_length ?? 0))
    return `At least ${data.min_length} characters, please; this has ${text.length}.`;
  return "";
}

function selectField(frame) {
  const { data } = frame;
  const made = select(data, { label: frame.label, onChange: () => say("") });
  made.element.id = frame.id;
  const { element, say } = framed(frame, made.element, null);
  const least = data.required === false ? 0 : (data.min_values ?? 1);
  const check = () => say(made.values().length < least ? "Please choose." : "");
  return { element, name: data.custom_id, value: made.values, focus: () => made.element.focus(), check };
}
