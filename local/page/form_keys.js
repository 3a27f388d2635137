/** The keys in a command's pills: choose, move, remove, send. */

import { TYPE } from "./commands.js";

/** A key in an option. */
export function onPillKey(form, pill, event) {
  if (form.suggestions.onArrow(event)) return;
  const { key } = event;
  const { input } = pill;
  const typed = input.matches("input");
  const atStart = !typed || (input.selectionStart === 0 && input.selectionEnd === 0);
  const atEnd = !typed || input.selectionStart === input.value.length;
  if (key === "Enter") onEnter(form, pill, event);
  else if (key === "Tab" && !event.shiftKey && !form.settled(pill)) take(form, event);
  else if (key === "Escape") onEscape(form, event);
  else if (key === "Backspace" && !pill.text && atStart) onBackspace(form, pill, event);
  else if (key === "ArrowLeft" && atStart) step(form, pill, event, -1);
  else if (key === "ArrowRight" && atEnd) step(form, pill, event, 1);
}

/** A key after the last option, where further ones are added. */
export function onAdderKey(form, event) {
  if (form.suggestions.onArrow(event)) return;
  const { key } = event;
  const empty = !form.adder.value;
  if (key === "Enter") onAdderEnter(form, event);
  else if (key === "Tab" && !event.shiftKey) take(form, event);
  else if (key === "Escape") onEscape(form, event);
  else if ((key === "Backspace" || key === "ArrowLeft") && empty) back(form, event);
}

function onEnter(form, pill, event) {
  if (pill.option.type === TYPE.ATTACHMENT && !pill.file) return; // the button opens the file picker
  event.preventDefault();
  if (form.suggestions.active && !form.settled(pill)) form.suggestions.active.choose();
  else form.submit();
}

function onAdderEnter(form, event) {
  event.preventDefault();
  const stray = form.adder.value.trim();
  if (form.suggestions.active) form.suggestions.active.choose();
  else if (stray) form.refuse(stray);
  else form.submit();
}

function take(form, event) {
  if (!form.suggestions.active) return;
  event.preventDefault();
  form.suggestions.active.choose();
}

function onEscape(form, event) {
  event.preventDefault();
  event.stopPropagation();
  if (form.suggestions.open) form.suggestions.hide();
  else form.on.leave("");
}

function onBackspace(form, pill, event) {
  event.preventDefault();
  const at = form.pills.indexOf(pill);
  if (pill.file || !pill.option.required) form.remove(pill);
  else if (at > 0) form.pills[at - 1].input.focus();
  else form.on.leave(`/${form.leaf.line}`);
}

function step(form, pill, event, by) {
  const stops = [...form.pills.map((each) => each.input), form.adder];
  const to = stops[stops.indexOf(pill.input) + by];
  if (!to) return;
  event.preventDefault();
  to.focus();
}

function back(form, event) {
  event.preventDefault();
  const last = form.pills.at(-1);
  if (last) last.input.focus();
  else if (event.key === "Backspace") form.on.leave(`/${form.leaf.line}`);
}
