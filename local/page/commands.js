/** Discord's registration JSON as the page needs it: one "leaf" for each thing that can be run. */

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
const KIND_OF_PLACE = { guild: 0, dm: 1, private_channel: 2 };
const CHAT_INPUT = 1;
const GROUP_NAMES = { ai: "AI", interactions: "Information" };

/** The name of a command group, as its folder is called, for people. */
export function groupName(group) {
  return GROUP_NAMES[group] ?? group.charAt(0).toUpperCase() + group.slice(1);
}

/** Every slash command and subcommand: path, summary, options (required first), group, examples. */
export function leavesOf(commands) {
  return commands
    .filter((command) => (command.type ?? CHAT_INPUT) === CHAT_INPUT)
    .flatMap((command) => walk(command, command, []));
}

function walk(command, part, path) {
  const here = [...path, part.name];
  const options = part.options ?? [];
  const nested = options.filter((option) => option.type === TYPE.SUBCOMMAND || option.type === TYPE.GROUP);
  if (nested.length) return nested.flatMap((option) => walk(command, option, here));
  const line = here.join(" ");
  const examples = (command.examples ?? []).filter((example) => `${example} `.startsWith(`/${line} `));
  return [{ command, line, path: here, summary: part.description, options, group: command.group, examples }];
}

/** Context menu commands of a type: 2 for users, 3 for messages. */
export function menuCommands(commands, type) {
  return commands.filter((command) => command.type === type);
}

/** Whether Discord would offer the command to this user in this place. */
export function offered(command, place, user) {
  const contexts = command.contexts ?? [0, 1, 2];
  if (!contexts.includes(KIND_OF_PLACE[place.kind])) return false;
  return !isForDevelopers(command) || user.developer;
}

export const isForDevelopers = (command) => command.default_member_permissions === "0";

/** Leaves that fit what was typed after the slash, best first. */
export function search(leaves, typed) {
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return leaves;
  const scored = leaves.map((leaf) => [score(leaf, wanted), leaf]).filter(([points]) => points > 0);
  return scored.sort((a, b) => b[0] - a[0]).map(([, leaf]) => leaf);
}

function score(leaf, wanted) {
  const line = leaf.line.toLowerCase();
  if (line === wanted) return 5;
  if (line.startsWith(wanted)) return 4;
  if (leaf.path.some((part) => part.startsWith(wanted))) return 3;
  if (line.includes(wanted)) return 2;
  return leaf.summary.toLowerCase().includes(wanted) ? 1 : 0;
}

/** The leaf that a typed line begins with, and what follows it: "/qr create text:x" → qr create. */
export function leafOfLine(leaves, line) {
  const typed = line.replace(/^\//, "");
  const fits = leaves.filter((leaf) => typed === leaf.line || typed.startsWith(`${leaf.line} `));
  const leaf = fits.sort((a, b) => b.line.length - a.line.length)[0];
  return leaf ? { leaf, rest: typed.slice(leaf.line.length) } : null;
}

/**
 * The typed options of a line: name → text. Text before the first name belongs to the first
 * option that takes text. `stray` is text that belongs nowhere.
 */
export function typedOptions(leaf, rest) {
  const names = new Set(leaf.options.map((option) => option.name));
  const marks = [...rest.matchAll(/(?<=^|\s)([-_'\p{L}\p{N}]{1,32}):/gu)].filter((match) =>
    names.has(match[1]),
  );
  const values = new Map();
  marks.forEach((match, index) => {
    const end = marks[index + 1]?.index ?? rest.length;
    values.set(match[1], unquoted(rest.slice(match.index + match[0].length, end).trim()));
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
