/** A chosen command in the composer: pills for its options, each edited in place. */

import { TYPE } from "./commands.js";
import { h } from "./dom.js";
import { called, plain } from "./language.js";
import { onAdderKey, onPillKey } from "./form_keys.js";
import { commandHead, optionHead } from "./option_head.js";
import { createPill, fit, setError, setFile, setText } from "./pill.js";
import { marked } from "./suggestions.js";
import { choicesOf, exactChoice, toInteraction, valueOf } from "./values.js";

const AUTOCOMPLETE_PAUSE_MS = 180;
const MOST_CHOICES = 25;

/** `on`: send(leaf, values, held), leave(text), complete(command, signal) → choices, world(). */
export class CommandForm {
  constructor(leaf, { suggestions, on, held = new Map() }) {
    Object.assign(this, { leaf, suggestions, on, pills: [], timer: 0, asking: null });
    this.adder = h("input", {
      type: "text",
      class: "adder",
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-label": "Add an option",
      "data-testid": "more-options",
      autocomplete: "off",
      spellcheck: "false",
      autocapitalize: "off",
      enterkeyhint: "send",
    });
    this.adder.addEventListener("input", () => this.onAdder());
    this.adder.addEventListener("focus", () => this.showRemaining());
    this.adder.addEventListener("keydown", (event) => onAdderKey(this, event));
    this.element = h(
      "div",
      { class: "pills", "data-testid": "command-form" },
      h("span", { class: "command-name", "data-testid": "command-name", text: `/${leaf.line}` }),
      this.adder,
    );
    for (const option of leaf.options)
      if (option.required || held.has(option.name)) this.add(option, held.get(option.name));
    this.showAdder();
  }

  get remaining() {
    return this.leaf.options.filter((option) => !this.pills.some((pill) => pill.option === option));
  }

  add(option, held = null) {
    const pill = createPill(option, {
      input: (each, event) => this.onInput(each, event),
      focus: (each) => this.suggest(each, each.text === ""),
      key: (each, event) => onPillKey(this, each, event),
      remove: (each) => this.remove(each),
      changed: (each, file) => this.attach(each, file),
    });
    this.pills.push(pill);
    this.adder.before(pill.element);
    if (held?.file) setFile(pill, held.file);
    else if (held && option.type !== TYPE.ATTACHMENT) setText(pill, held.text, held.choice);
    if (pill.input.matches("input")) fit(pill.input);
    this.showAdder();
    return pill;
  }

  remove(pill) {
    this.pills = this.pills.filter((each) => each !== pill);
    pill.element.remove();
    this.showAdder();
    (this.pills.at(-1)?.input ?? this.adder).focus();
  }

  showAdder() {
    const count = this.remaining.length;
    this.adder.placeholder = count ? `+${count} optional` : "";
    this.adder.readOnly = count === 0;
    fit(this.adder);
  }

  /** Focus on what is still needed, or on the end. */
  focus() {
    const next = this.pills.find((pill) => pill.option.required && !pill.text && !pill.file);
    (next?.input ?? this.adder).focus();
  }

  // Suggestions

  suggest(pill, all = false) {
    clearTimeout(this.timer);
    this.asking?.abort();
    if (pill.option.autocomplete) return this.complete(pill);
    const choices = choicesOf(pill.option, this.on.world());
    const typed = all || (choices && exactChoice(choices, pill.text)) ? "" : pill.text;
    const fits = (choices ?? [])
      .filter((choice) => plain(choice.label).includes(plain(typed.trim())))
      .slice(0, MOST_CHOICES);
    this.list(pill, fits, typed);
  }

  list(pill, choices, typed, note = "") {
    const rows = choices.map((choice) => ({
      node: h("span", { class: "choice" }, marked(choice.label, typed)),
      choose: () => this.choose(pill, choice),
    }));
    const head = [
      optionHead(pill.option, pill.error),
      note && h("div", { class: "about quiet", text: note }),
    ];
    this.suggestions.show(pill.input, {
      rows,
      head,
      testid: "option-panel",
      first: Boolean(pill.text.trim()),
    });
    const exact = exactChoice(choices, pill.text);
    if (exact) this.suggestions.move(choices.indexOf(exact));
  }

  complete(pill) {
    this.list(pill, pill.offers ?? [], pill.text, pill.offers ? "" : "Looking for suggestions…");
    this.timer = setTimeout(
      async () => {
        this.asking = new AbortController();
        const { signal } = this.asking;
        const { command } = toInteraction(this.leaf, this.known(pill), pill.option.name);
        const offers = await this.on.complete(command, signal).catch(() => []);
        if (signal.aborted || this.suggestions.input !== pill.input) return;
        pill.offers = offers;
        this.list(
          pill,
          offers,
          pill.text,
          offers.length ? "" : "No suggestions. What you type is sent as it is.",
        );
      },
      pill.offers ? AUTOCOMPLETE_PAUSE_MS : 0,
    );
  }

  /** What is filled in so far, with the focused option as typed. */
  known(focused) {
    const values = new Map();
    for (const pill of this.pills) {
      const { value } = pill === focused ? { value: pill.text } : valueOf(pill.option, pill, this.on.world());
      if (value !== undefined && !(value instanceof File)) values.set(pill.option.name, value);
    }
    return values;
  }

  showRemaining() {
    const typed = plain(this.adder.value.trim());
    const fits = this.remaining.filter(
      (option) => plain(option.label).includes(typed) || option.name.includes(typed),
    );
    const rows = fits.map((option) => ({
      node: [
        h("span", { class: "row-name" }, marked(option.label, typed)),
        h("span", { class: "row-about", text: option.description }),
      ],
      choose: () => this.addChosen(option),
    }));
    const head = commandHead(this.leaf, this.adderError);
    this.suggestions.show(this.adder, { rows, head, testid: "option-panel", first: Boolean(typed) });
  }

  // Editing

  choose(pill, choice) {
    setText(pill, choice.label, choice);
    setError(pill, "");
    this.focus();
  }

  addChosen(option, text = "") {
    this.adder.value = "";
    this.adderError = "";
    const pill = this.add(option);
    if (text) setText(pill, text);
    pill.input.focus();
  }

  attach(pill, file) {
    setFile(pill, file);
    setError(pill, "");
    this.focus();
  }

  /** Takes a file that was pasted or dropped: the focused file option, a free one, a new one. */
  takeFile(file) {
    const pills = this.pills.filter((pill) => pill.option.type === TYPE.ATTACHMENT);
    const pill =
      pills.find((each) => !each.file) ?? pills.find((each) => each.input === document.activeElement);
    const option = this.remaining.find((each) => each.type === TYPE.ATTACHMENT);
    if (!pill && !option) return false;
    this.attach(pill ?? this.add(option), file);
    return true;
  }

  onInput(pill, event) {
    setError(pill, "");
    if (event.inputType === "insertText" && event.data?.endsWith(":") && this.splitAt(pill)) return;
    this.suggest(pill);
  }

  /** "hello algorithm:" typed in one option moves on to the other, as on Discord. */
  splitAt(pill) {
    const match = /^(|.*\s)([-_'\p{L}\p{N}\p{M}]{1,32}):$/u.exec(pill.text);
    if (!match) return false;
    const meant = called(this.leaf.options, match[2]);
    if (!meant) return false;
    const own = meant === pill.option && !match[1].trim();
    const other = this.remaining.includes(meant);
    const waiting = this.pills.find((each) => each !== pill && each.option === meant && !each.text);
    if (!own && !other && !waiting) return false;
    setText(pill, match[1].trimEnd());
    if (other) this.addChosen(meant);
    else (own ? pill : waiting).input.focus();
    return true;
  }

  onAdder() {
    fit(this.adder);
    this.adderError = "";
    const typed = /^([-_'\p{L}\p{N}\p{M}]{1,32}):(.*)$/u.exec(this.adder.value.trimStart());
    const option = typed && called(this.remaining, typed[1]);
    if (option) this.addChosen(option, typed[2]);
    else this.showRemaining();
  }

  /** Whether the pill says something that needs no choosing any more. */
  settled(pill) {
    const choices = choicesOf(pill.option, this.on.world());
    if (choices) return Boolean(exactChoice(choices, pill.text));
    const offered = (pill.offers ?? []).some((offer) => offer.label === pill.text);
    return !pill.option.autocomplete || Boolean(pill.choice) || offered;
  }

  /** Says that the text after the last option is none. */
  refuse(stray) {
    this.adderError = `/${this.leaf.line} has no option called ${stray}.`;
    this.showRemaining();
  }

  /** Sends the command, or points at the first thing that is wrong with it. */
  submit() {
    const values = new Map();
    let wrong = null;
    for (const pill of this.pills) {
      const { value, error } = valueOf(pill.option, pill, this.on.world());
      setError(pill, error ?? "");
      if (error) wrong ??= pill;
      else if (value !== undefined) values.set(pill.option.name, value);
    }
    if (wrong) {
      wrong.input.focus();
      this.suggest(wrong, true);
    } else this.on.send(this.leaf, values, this.held());
  }

  /** Everything typed so far, so that the arrow key can bring it back. */
  held() {
    return new Map(this.pills.map(({ option, text, choice, file }) => [option.name, { text, choice, file }]));
  }

  close() {
    clearTimeout(this.timer);
    this.asking?.abort();
  }
}
