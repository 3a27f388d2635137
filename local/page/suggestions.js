/** The panel above the composer: a list to choose from by keys or pointer, with a heading. */

import { fill, h } from "./dom.js";

let counter = 0;

/** A listbox that follows one input at a time (`attach`), which keeps the focus all the while. */
export class Suggestions {
  constructor(dock) {
    this.id = `list-${(counter += 1)}`;
    this.head = h("div", { class: "suggest-head" });
    this.list = h("div", {
      class: "suggest-list",
      role: "listbox",
      id: this.id,
      "aria-label": "Suggestions",
    });
    this.panel = h("div", { class: "suggest", hidden: true }, this.head, this.list);
    this.panel.addEventListener("mousedown", (event) => event.preventDefault());
    this.rows = [];
    this.at = -1;
    this.input = null;
    dock.append(this.panel);
  }

  get open() {
    return !this.panel.hidden;
  }

  /** Whether Enter would choose something. */
  get active() {
    return this.open && this.at >= 0 ? this.rows[this.at] : null;
  }

  /**
   * Shows rows: [{node, choose, section?}]. `testid` names the panel for tests; `head` is what
   * stands above the rows; `first` says whether the first row is active at once.
   */
  show(input, { rows, head = null, testid, first = true }) {
    this.attach(input);
    this.rows = rows;
    this.panel.dataset.testid = testid;
    fill(this.head, head);
    fill(this.list, grouped(rows, this));
    this.list.hidden = rows.length === 0;
    this.panel.hidden = rows.length === 0 && !head;
    input.setAttribute("aria-expanded", String(this.open && rows.length > 0));
    this.list.scrollTop = 0;
    this.move(first && rows.length ? 0 : -1);
  }

  hide() {
    this.panel.hidden = true;
    this.rows = [];
    this.at = -1;
    this.input?.setAttribute("aria-expanded", "false");
    this.input?.removeAttribute("aria-activedescendant");
  }

  attach(input) {
    if (this.input && this.input !== input) {
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }
    this.input = input;
    input.setAttribute("aria-controls", this.id);
  }

  move(index) {
    this.at = index;
    this.rows.forEach((row, i) => {
      row.element.classList.toggle("active", i === index);
      row.element.setAttribute("aria-selected", String(i === index));
    });
    const active = this.rows[index]?.element;
    if (!active) return void this.input?.removeAttribute("aria-activedescendant");
    this.input?.setAttribute("aria-activedescendant", active.id);
    if (index === 0) this.list.scrollTop = 0;
    else active.scrollIntoView({ block: "nearest" });
  }

  /** Arrow keys move through the rows. True if the key was used. */
  onArrow(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey || !this.open || !this.rows.length) return false;
    const count = this.rows.length;
    this.move(this.at < 0 ? (step > 0 ? 0 : count - 1) : (this.at + step + count) % count);
    event.preventDefault();
    return true;
  }
}

/** Rows under the heading of their section. */
function grouped(rows, owner) {
  const sections = new Map();
  rows.forEach((row, index) => {
    row.element = h(
      "div",
      {
        class: "suggest-row",
        role: "option",
        id: `${owner.id}-${index}`,
        onclick: () => row.choose(),
        onpointermove: () => owner.at !== index && owner.move(index),
        "data-testid": "suggestion",
      },
      row.node,
    );
    if (!sections.has(row.section)) sections.set(row.section, []);
    sections.get(row.section).push(row.element);
  });
  return [...sections].map(([name, elements]) =>
    name
      ? h(
          "div",
          { role: "group", "aria-label": name },
          h("div", { class: "suggest-section", "aria-hidden": "true", text: name }),
          elements,
        )
      : elements,
  );
}

/** A name with the typed part of it marked. */
export function marked(text, typed) {
  const at = typed ? text.toLowerCase().indexOf(typed.trim().toLowerCase()) : -1;
  if (at < 0) return text;
  const end = at + typed.trim().length;
  return [text.slice(0, at), h("mark", { text: text.slice(at, end) }), text.slice(end)];
}
