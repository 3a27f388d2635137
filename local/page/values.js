/** What an option takes: its choices, its limits in words, and typed text as a value. */

import { humanSize } from "./dom.js";
import { TYPE } from "./commands.js";
import { same } from "./language.js";

const BOOLEANS = [
  { label: "True", value: true },
  { label: "False", value: false },
];
const WORDS = {
  [TYPE.STRING]: "Text",
  [TYPE.INTEGER]: "Whole number",
  [TYPE.BOOLEAN]: "True or false",
  [TYPE.USER]: "User",
  [TYPE.CHANNEL]: "Channel",
  [TYPE.ROLE]: "Role id",
  [TYPE.MENTIONABLE]: "User or role id",
  [TYPE.NUMBER]: "Number",
  [TYPE.ATTACHMENT]: "File",
};
const ID = /^\d{1,20}$/;

/** What an option offers, [{label, value}], or null if it is typed freely. `world` has users and places. */
export function choicesOf(option, world) {
  if (option.choices?.length) return option.choices;
  if (option.type === TYPE.BOOLEAN) return BOOLEANS;
  if (option.type === TYPE.USER || option.type === TYPE.MENTIONABLE)
    return world.users.map((user) => ({ label: user.name, value: user.id }));
  if (option.type === TYPE.CHANNEL)
    return world.places.map((place) => ({ label: place.name, value: place.channel_id }));
  return null;
}

/** "Whole number, 8 to 128": what an option takes, in words. */
export function limitsOf(option) {
  if (option.choices?.length) return "Choice";
  const length = range(option.min_length, option.max_length);
  const size = range(option.min_value, option.max_value);
  if (length) return `${WORDS[option.type]}, ${length} characters`;
  return size ? `${WORDS[option.type]}, ${size}` : WORDS[option.type];
}

function range(low, high) {
  if (low !== undefined && high !== undefined) return low === high ? `${low}` : `${low} to ${high}`;
  if (low !== undefined) return `at least ${low}`;
  return high === undefined ? "" : `at most ${high}`;
}

/**
 * Typed text as the value to send: {value}, {error} or {} for "left out".
 *
 * `held` is what the pill already holds: {text, file, choice: {label, value}}.
 */
export function valueOf(option, held, world) {
  if (option.type === TYPE.ATTACHMENT) return fileValue(option, held.file);
  const text = held.text.trim();
  if (!text) return option.required ? { error: "This option is needed." } : {};
  if (held.choice && held.choice.label === text) return { value: held.choice.value };
  const choices = choicesOf(option, world);
  if (choices) return choiceValue(option, choices, text);
  if (option.type === TYPE.INTEGER || option.type === TYPE.NUMBER) return numberValue(option, text);
  if (option.type === TYPE.ROLE) return ID.test(text) ? { value: text } : { error: "Give the id of a role." };
  return textValue(option, held.text);
}

function fileValue(option, file) {
  if (file) return file.size ? { value: file } : { error: "This file is empty." };
  return option.required ? { error: "This option needs a file." } : {};
}

/** The choice that a text names as it is shown, sent or called in English, in any case; or undefined. */
export function exactChoice(choices, text) {
  const wanted = text.trim();
  if (!wanted) return undefined;
  return ["label", "value", "name"]
    .map((field) => choices.find((choice) => same(String(choice[field] ?? ""), wanted)))
    .find(Boolean);
}

function choiceValue(option, choices, text) {
  const choice = exactChoice(choices, text);
  if (choice) return { value: choice.value };
  if (option.type === TYPE.MENTIONABLE && ID.test(text)) return { value: text };
  return {
    error: `Choose ${choices.length > 6 ? "one of the list" : choices.map((each) => each.label).join(" or ")}.`,
  };
}

function numberValue(option, text) {
  const whole = option.type === TYPE.INTEGER;
  const number = Number(text);
  if (!Number.isFinite(number) || (whole && !Number.isSafeInteger(number))) {
    return { error: whole ? "This must be a whole number." : "This must be a number." };
  }
  const low = option.min_value ?? -Infinity;
  const high = option.max_value ?? Infinity;
  return number < low || number > high
    ? { error: `This must be ${range(option.min_value, option.max_value)}.` }
    : { value: number };
}

function textValue(option, text) {
  const length = text.length;
  const fits = length >= (option.min_length ?? 0) && length <= (option.max_length ?? 6000);
  if (fits) return { value: text };
  return {
    error: `This must be ${range(option.min_length, option.max_length ?? 6000)} characters; it has ${length}.`,
  };
}

/** What a pill shows for a file. */
export const fileText = (file) => `${file.name} (${humanSize(file.size)})`;

/**
 * The command as an interaction carries it, with the files to upload.
 *
 * `values` maps option names to values; `focused` names the option that autocomplete asks about.
 */
export function toInteraction(leaf, values, focused = null) {
  const files = [];
  const given = leaf.options.filter((option) => values.has(option.name) || option.name === focused);
  let options = given.map((option) => {
    let value = values.get(option.name) ?? "";
    if (value instanceof File) {
      files.push([`file-${option.name}`, value]);
      value = `file-${option.name}`;
    }
    return {
      name: option.name,
      type: option.type,
      value,
      ...(option.name === focused ? { focused: true } : {}),
    };
  });
  const [, ...nested] = leaf.path;
  nested.reverse().forEach((name, index) => {
    options = [{ name, type: index === 0 ? TYPE.SUBCOMMAND : TYPE.GROUP, options }];
  });
  return { command: { name: leaf.path[0], type: 1, options }, files };
}
