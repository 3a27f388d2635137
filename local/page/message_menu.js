/** The menus of a message and of a user: the bot's context menu commands, and a few of the page's. */

import { avatar } from "./dom.js";
import { openMenu } from "./popover.js";

const EPHEMERAL = 64;

/** What can be done with a message. Discord offers no commands on private ones, as nobody else has them. */
export function openMessageMenu(button, message, { commands, run, inspect }) {
  const offered = message.private || (message.flags ?? 0) & EPHEMERAL ? [] : commands;
  const items = [
    ...offered.map((command) => ({
      label: command.label,
      detail: "App",
      icon: "slash",
      run: () => run(command),
    })),
    { label: "Copy text", icon: "copy", run: () => navigator.clipboard.writeText(plainText(message)) },
    { label: "Copy message id", icon: "copy", run: () => navigator.clipboard.writeText(message.id) },
    { label: "Inspect", icon: "panel", run: inspect },
  ];
  openMenu(button, "Message", items, "end");
}

/** The commands that act on a user. */
export function openUserMenu(button, user, commands, run) {
  const lead = () => avatar(user.name, "", "small");
  openMenu(
    button,
    user.name,
    commands.map((command) => ({
      label: command.label,
      detail: "App",
      lead: lead(),
      run: () => run(command),
    })),
  );
}

function plainText({ content, embeds = [] }) {
  const fieldsOf = (embed) => (embed.fields ?? []).map((field) => `${field.name}: ${field.value}`);
  return [content, ...embeds.flatMap((embed) => [embed.title, embed.description, ...fieldsOf(embed)])]
    .filter(Boolean)
    .join("\n");
}
