/** The message box: type "/" for the list, choose or type a command whole, send it by Enter. */

import { CommandForm } from "./command_form.js";
import { groupName, isForDevelopers, leafOfLine, search, TYPE, typedOptions } from "./commands.js";
import { fill, h, icon, iconButton } from "./dom.js";
import { marked, Suggestions } from "./suggestions.js";

const HISTORY = 50;

/** `on`: leaves() offered here, all() leaves, send(leaf, values), complete(command, signal), world(). */
export class Composer {
  constructor(dock, on) {
    this.on = on;
    this.form = null;
    this.heldFile = null;
    this.history = [];
    this.recalled = -1;
    this.suggestions = new Suggestions(dock);
    this.text = h("input", {
      type: "text",
      id: "composer",
      class: "composer-text",
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-label": "Message: type / for commands",
      autocomplete: "off",
      spellcheck: "false",
      autocapitalize: "off",
      enterkeyhint: "send",
      "data-testid": "composer-input",
    });
    this.slot = h("div", { class: "composer-slot" }, this.text);
    this.hint = h("div", { class: "composer-hint", role: "status", "data-testid": "composer-hint" });
    this.box = h(
      "div",
      { class: "composer", "data-testid": "composer" },
      iconButton("slash", "Show the commands", () => this.showAll(), { "data-testid": "show-commands" }),
      this.slot,
      iconButton("send", "Send", () => this.submit(), { "data-testid": "send" }),
    );
    dock.append(this.box, this.hint);
    this.text.addEventListener("input", (event) => this.onTyped(event));
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    this.text.addEventListener("focus", () => this.suggestCommands());
    dock.addEventListener("focusout", () =>
      setTimeout(() => dock.contains(document.activeElement) || this.suggestions.hide()),
    );
  }

  placeholder(text) {
    this.text.placeholder = text;
  }

  say(text) {
    this.hint.textContent = text;
  }

  focus() {
    if (this.form) this.form.focus();
    else this.text.focus();
  }

  /** Empties the box and goes back to plain typing. */
  leave(text = "") {
    this.heldFile = null;
    this.form?.close();
    this.form = null;
    this.recalled = -1;
    fill(this.slot, this.text);
    this.text.value = text;
    this.suggestions.hide();
    this.text.focus();
    this.suggestCommands();
  }

  // Text

  onTyped(event) {
    this.say("");
    const typed = this.text.value;
    const found =
      typed.startsWith("/") && typed.endsWith(" ") && leafOfLine(this.on.leaves(), typed.trimEnd());
    if (found && !found.rest && event.inputType !== "deleteContentBackward") this.begin(found.leaf);
    else this.suggestCommands();
  }

  suggestCommands() {
    const typed = this.text.value;
    if (!typed.startsWith("/")) return this.suggestions.hide();
    const found = leafOfLine(this.on.leaves(), typed);
    if (found?.rest) return this.showReady(found);
    const query = typed.slice(1);
    const leaves = search(this.on.leaves(), query);
    const rows = leaves.map((leaf) => ({
      node: commandRow(leaf, query),
      choose: () => this.begin(leaf),
      section: query.trim() ? "" : groupName(leaf.group ?? ""),
    }));
    const head = rows.length
      ? null
      : h(
          "div",
          { class: "option-head" },
          h("div", { class: "about", text: `No command here is called “${query}”.` }),
        );
    this.suggestions.show(this.text, { rows, head, testid: "command-list" });
  }

  /** While a whole line is typed: which command it runs and what it takes. */
  showReady({ leaf }) {
    const options = leaf.options.map((option) =>
      h("code", { class: option.required ? "needed" : "", text: option.label }),
    );
    const head = h(
      "div",
      { class: "option-head" },
      h("div", {}, h("strong", { text: `/${leaf.line}` }), h("span", { class: "option-names" }, options)),
      h("div", { class: "about", text: `${leaf.summary}. Enter runs it.` }),
    );
    this.suggestions.show(this.text, { rows: [], head, testid: "command-list", first: false });
  }

  showAll() {
    if (this.form) this.leave();
    this.text.value = "/";
    this.text.focus();
    this.suggestCommands();
  }

  onKey(event) {
    const { key } = event;
    if (event.altKey || this.suggestions.onArrow(event)) return;
    if (key === "Enter") {
      event.preventDefault();
      this.submit();
    } else if (key === "Tab" && !event.shiftKey && this.suggestions.active) {
      event.preventDefault();
      this.suggestions.active.choose();
    } else if (key === "Escape" && (this.suggestions.open || this.text.value)) {
      event.preventDefault();
      this.heldFile = null;
      if (this.suggestions.open) this.suggestions.hide();
      else this.text.value = "";
    } else if (key === "ArrowUp" && !this.text.value) this.recall(event, 0);
  }

  submit() {
    if (this.form) return this.form.submit();
    if (this.suggestions.active) return this.suggestions.active.choose();
    const line = this.text.value.trim();
    if (!line) return this.text.focus();
    if (!line.startsWith("/")) return this.say("The bot answers commands only. Begin with /");
    const found = leafOfLine(this.on.all(), line);
    if (!found) return this.say(`There is no command ${line.split(" ")[0]} here.`);
    this.beginTyped(found.leaf, found.rest).submit();
  }

  // Commands

  /** Shows a command's pills. `held` is what they hold already. */
  begin(leaf, held = new Map()) {
    this.form?.close();
    this.say("");
    const on = { ...this.on, send: (...sent) => this.send(...sent), leave: (text) => this.leave(text) };
    this.form = new CommandForm(leaf, { suggestions: this.suggestions, on, held });
    fill(this.slot, this.form.element);
    this.form.element.addEventListener("keydown", (event) => this.onFormKey(event));
    if (this.heldFile && this.form.takeFile(this.heldFile)) this.heldFile = null;
    else this.form.focus();
    return this.form;
  }

  /** The same from a typed line, which may lack or mistake things: the pills then say so. */
  beginTyped(leaf, rest) {
    const { values, stray } = typedOptions(leaf, rest);
    const form = this.begin(leaf, new Map([...values].map(([name, text]) => [name, { text, choice: null }])));
    if (stray) this.say(`Left out, as it belongs to no option: ${stray}`);
    return form;
  }

  /** Puts an example line into the box without sending it. */
  prefill(line) {
    const found = leafOfLine(this.on.all(), line);
    if (found) this.beginTyped(found.leaf, found.rest);
  }

  send(leaf, values, held) {
    this.history.unshift({ leaf, held });
    this.history.length = Math.min(this.history.length, HISTORY);
    this.leave();
    this.on.send(leaf, values);
  }

  onFormKey(event) {
    if (event.defaultPrevented || event.altKey || this.recalled < 0) return;
    if (event.key === "ArrowUp") this.recall(event, this.recalled + 1);
    else if (event.key === "ArrowDown" && this.recalled > 0) this.recall(event, this.recalled - 1);
  }

  /** Brings back an earlier command with what it held. */
  recall(event, index) {
    const earlier = this.history[index];
    if (!earlier) return;
    event.preventDefault();
    const leaf = this.on.all().find(({ own }) => own === earlier.leaf.own); // its names of today
    this.begin(leaf ?? earlier.leaf, earlier.held);
    this.form.adder.focus();
    this.suggestions.hide();
    this.recalled = index;
  }

  /** A pasted or dropped file: into the command that is open, or held for the next one chosen. */
  takeFile(file) {
    if (this.form) {
      if (!this.form.takeFile(file)) this.say(`/${this.form.leaf.line} takes no file.`);
      return;
    }
    this.heldFile = file;
    const leaves = this.on
      .leaves()
      .filter((leaf) => leaf.options.some((option) => option.type === TYPE.ATTACHMENT));
    const rows = leaves.map((leaf) => ({ node: commandRow(leaf, ""), choose: () => this.begin(leaf) }));
    this.text.focus();
    const head = h(
      "div",
      { class: "option-head" },
      h("div", {}, icon("file"), h("strong", { text: file.name })),
      h("div", {
        class: "about",
        text: rows.length ? "What should the bot do with this file?" : "No command here takes a file.",
      }),
    );
    this.suggestions.show(this.text, { rows, head, testid: "command-list" });
  }
}

function commandRow(leaf, query) {
  const options = leaf.options.map((option) =>
    h("code", { class: option.required ? "needed" : "", text: option.label }),
  );
  return [
    h("img", { class: "row-mark", src: "/static/mark.svg", alt: "", width: 28, height: 28 }),
    h(
      "span",
      { class: "row-main" },
      h(
        "span",
        { class: "row-name" },
        "/",
        marked(leaf.line, query),
        isForDevelopers(leaf.command) && icon("lock"),
        h("span", { class: "option-names", "aria-hidden": "true" }, options),
      ),
      h("span", { class: "row-about", text: leaf.summary }),
    ),
    h("span", { class: "row-side", "aria-hidden": "true", text: groupName(leaf.group ?? "") }),
  ];
}
