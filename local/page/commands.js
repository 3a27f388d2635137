/** Discord's registration JSON as the page needs it: one "leaf" for each thing that can be run. */

import { called, plain } from "./language.js";

export const TYPE = {
  SUBCOMMAND: 1,
  GROUP: 2,
  STRING: 3,
  INTEGER: 4,
  BOOLEAN: 5,
  USER: 6,
  CHANNEL: 7,
  ROLE: 8,
  MENTIONABLE: 9,
  NUMBER: 10,
  ATTACHMENT: 11,
};
/** An option's name in a typed line. Source: application-commands.mdx, Command Naming. */
const OPTION = /(?<=^|\s)([-_'\p{L}\p{N}\p{M}]{1,32}):/gu;
const KIND_OF_PLACE = { guild: 0, dm: 1, private_channel: 2 };
const CHAT_INPUT = 1;
const GROUP_NAMES = { ai: "AI", interactions: "Information" };

/** The name of a command group, as its folder is called, for people. */
export function groupName(group) {
  return GROUP_NAMES[group] ?? group.charAt(0).toUpperCase() + group.slice(1);
}

/**
 * Every slash command and subcommand, of commands in a language (inLanguage).
 *
 * `line` is shown ("qr lesen"), `own` and `path` are sent ("qr read"); options come required first.
 */
export function leavesOf(commands) {
  return commands
    .filter((command) => (command.type ?? CHAT_INPUT) === CHAT_INPUT)
    .flatMap((command) => walk(command, command, []));
}

function walk(command, part, parents) {
  const here = [...parents, part];
  const options = part.options ?? [];
  const nested = options.filter((option) => option.type === TYPE.SUBCOMMAND || option.type === TYPE.GROUP);
  if (nested.length) return nested.flatMap((option) => walk(command, option, here));
  const path = here.map((each) => each.name);
  const leaf = {
    command,
    line: here.map((each) => each.label).join(" "),
    own: path.join(" "),
    path,
    summary: part.description,
    options,
    group: command.group,
  };
  const examples = (command.examples ?? []).filter((example) => `${example} `.startsWith(`/${leaf.own} `));
  return [{ ...leaf, examples: examples.map((example) => translated(leaf, example)) }];
}

/** An example, which is written in English, with the names that are shown. */
function translated(leaf, example) {
  const rest = example.slice(leaf.own.length + 1);
  return `/${leaf.line}${rest.replace(OPTION, (mark, name) => `${called(leaf.options, name)?.label ?? name}:`)}`;
}

/** What is shown for a command that a message says was used: "/qr read" → "/qr lesen". */
export function shownLine(commands, leaves, line) {
  if (!line.startsWith("/")) return commands.find((command) => command.name === line)?.label ?? line;
  const leaf = leaves.find((each) => `/${each.own}` === line);
  return leaf ? `/${leaf.line}` : line;
}

/** Context menu commands of a type: 2 for users, 3 for messages. */
export function menuCommands(commands, type) {
  return commands.filter((command) => command.type === type);
}

/** Whether Discord would offer the command to this user in this place. */
export function offered(command, place, user) {
  const contexts = command.contexts ?? [0, 1, 2];
  if (!contexts.includes(KIND_OF_PLACE[place.kind])) return false;
  if (isForDevelopers(command)) return user.developer;
  return !command.default_member_permissions || user.admin || place.kind !== "guild";
}

export const isForDevelopers = (command) => command.default_member_permissions === "0";

/** Leaves that fit what was typed after the slash, best first. */
export function search(leaves, typed) {
  const wanted = plain(typed.trim());
  if (!wanted) return leaves;
  const scored = leaves.map((leaf) => [score(leaf, wanted), leaf]).filter(([points]) => points > 0);
  return scored.sort((a, b) => b[0] - a[0]).map(([, leaf]) => leaf);
}

function score(leaf, wanted) {
  const lines = [plain(leaf.line), leaf.own];
  if (lines.includes(wanted)) return 5;
  if (lines.some((line) => line.startsWith(wanted))) return 4;
  if (lines.some((line) => line.includes(` ${wanted}`))) return 3;
  if (lines.some((line) => line.includes(wanted))) return 2;
  return leaf.summary.toLowerCase().includes(wanted) ? 1 : 0;
}

/**
 * The leaf that a typed line begins with, and what follows it: "/qr create text:x" → qr create.
 * The names that are shown go before the English ones, which are understood too.
 */
export function leafOfLine(leaves, line) {
  const typed = line.replace(/^\//, "").normalize("NFC");
  return beginning(leaves, typed, "line") ?? beginning(leaves, typed, "own");
}

function beginning(leaves, typed, field) {
  const fits = leaves.filter((leaf) => `${plain(typed)} `.startsWith(`${plain(leaf[field])} `));
  const leaf = fits.sort((a, b) => b[field].length - a[field].length)[0];
  return leaf ? { leaf, rest: typed.slice(leaf[field].length) } : null;
}

/**
 * The typed options of a line: name → text. Text before the first name belongs to the first
 * option that takes text. `stray` is text that belongs nowhere.
 */
export function typedOptions(leaf, rest) {
  const marks = [...rest.matchAll(OPTION)].filter((match) => called(leaf.options, match[1]));
  const values = new Map();
  marks.forEach((match, index) => {
    const end = marks[index + 1]?.index ?? rest.length;
    values.set(called(leaf.options, match[1]).name, unquoted(rest.slice(match.index + match[0].length, end).trim()));
  });
  const before = rest.slice(0, marks[0]?.index ?? rest.length).trim();
  const first = leaf.options.find((option) => option.type !== TYPE.ATTACHMENT && !values.has(option.name));
  if (before && first) values.set(first.name, before);
  return { values, stray: before && !first ? before : "" };
}

/** `utilsbot send` takes quoted values, so that its lines can be pasted here. */
function unquoted(text) {
  return /^"[^"]*"$/.test(text) ? text.slice(1, -1) : text;
}
