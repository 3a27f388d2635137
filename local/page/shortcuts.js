/** The keys of the page: what they do, and the dialog that lists them. */

import { h, iconButton } from "./dom.js";

const KEYS = [
  ["/", "Begin a command"],
  ["↑ ↓", "Move in a list; ↑ in an empty box brings the last command back"],
  ["Tab", "Choose, and go to the next option"],
  ["Enter", "Choose, or send"],
  ["Esc", "Close the list, the form or the command"],
  ["Alt ↑ / Alt ↓", "Next place"],
  ["Ctrl I", "Inspector"],
  ["Ctrl /", "These keys"],
];

/** Shows the list of keys. */
export function showShortcuts() {
  const dialog = h(
    "dialog",
    { class: "modal keys", "aria-labelledby": "keys-title", "data-testid": "shortcuts" },
    h(
      "header",
      { class: "modal-head" },
      h("h2", { id: "keys-title", text: "Keyboard" }),
      iconButton("close", "Close", () => dialog.close()),
    ),
    h(
      "dl",
      {},
      KEYS.map(([keys, what]) => [h("dt", {}, h("kbd", { text: keys })), h("dd", { text: what })]),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Listens for the page's own keys: {inspector, shortcuts, place(by), type()}. */
export function listenForKeys(does) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const control = event.ctrlKey || event.metaKey;
    const { key } = event;
    if (control && key.toLowerCase() === "i" && !event.shiftKey) does.inspector();
    else if (control && key === "/") does.shortcuts();
    else if (event.altKey && (key === "ArrowUp" || key === "ArrowDown"))
      does.place(key === "ArrowUp" ? -1 : 1);
    else if (!control && !event.altKey && key.length === 1 && key !== " " && startsTyping(event.target))
      return does.type();
    else return;
    event.preventDefault();
  });
}

/** Letters go to the message box when nothing else takes them. */
function startsTyping(target) {
  return !target.closest?.(
    "input, textarea, select, [role=menu], [role=listbox], [role=combobox], .inspector",
  );
}
