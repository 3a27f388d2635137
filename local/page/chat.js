/** The list of messages: puts, edits and removes them, and stays at the newest. */

import { unlock } from "./components.js";
import { fill, h, icon } from "./dom.js";
import { renderFailure, renderMessage, renderSending } from "./message.js";

const NEAR_END_PX = 60;
const DEFERRED_UPDATE = 6;
const EDIT_WAIT_MS = 20_000;

/**
 * `actions(message)` gives what a message can do; `welcome()` what an empty place shows; `shownLine`
 * names the command of a line as it is sent, "/qr read", in the reader's language.
 */
export class Chat {
  constructor({ scroll, list, actions, welcome, shownLine }) {
    Object.assign(this, {
      scroll,
      list,
      actions,
      welcome,
      shownLine,
      shown: new Map(),
      dismissed: new Set(),
      clock: 0,
      pinned: true,
      waiting: [],
      top: 0,
    });
    this.jump = h(
      "button",
      { type: "button", class: "jump", hidden: true, "data-testid": "jump", onclick: () => this.toEnd() },
      icon("down"),
      "New messages",
    );
    scroll.after(this.jump);
    scroll.addEventListener("scroll", () => this.onScroll(), { passive: true });
    const observer = new ResizeObserver(() => this.pinned && this.toEnd());
    observer.observe(list);
    observer.observe(scroll);
  }

  /** A point in time, for answers that may arrive after newer events. */
  mark() {
    return this.clock;
  }

  /** Shows these messages, which were asked for at a mark; what came after it is newer and stays. */
  reset(messages, since) {
    const newer = [...this.shown.values()].filter((each) => each.at > since).map((each) => each.message);
    const merged = new Map([...messages, ...newer].map((message) => [message.id, message]));
    this.shown.clear();
    fill(this.list, this.welcome());
    for (const message of merged.values()) this.put(message);
    this.toEnd();
  }

  /**
   * Shows a message, new or edited. With `since`, the message comes from an answer that was asked
   * for at that mark; what the events said about it after that is newer and stays.
   */
  put(message, since = null) {
    if (this.dismissed.has(message.id)) return;
    const known = this.shown.get(message.id);
    if (known && since !== null && known.at > since) return;
    this.clock += 1;
    const element = renderMessage(message, this.actions(message));
    this.shown.set(message.id, { message, element, at: this.clock });
    if (known) replace(known.element, element);
    else {
      this.arrived(message);
      this.append(element);
    }
  }

  /** The events may bring a message before the answer to the command does. */
  arrived({ interaction }) {
    this.waiting = this.waiting.filter(({ element }) => element.isConnected);
    const isIt = ({ user, line }) => user.id === interaction?.user.id && line === interaction.name;
    this.waiting.find(isIt)?.element.remove();
  }

  append(element) {
    const follows = this.pinned;
    this.list.append(element);
    if (follows) this.toEnd();
    else this.jump.hidden = false;
  }

  remove(id) {
    this.shown.get(id)?.element.remove();
    this.shown.delete(id);
  }

  /** Hides a private message for good, as Discord does: on this side only. */
  dismiss(id) {
    this.dismissed.add(id);
    this.remove(id);
  }

  sending(user, line) {
    const element = renderSending(user, this.shownLine(line));
    this.waiting.push({ user, line, element });
    this.list.append(element);
    this.toEnd();
    return element;
  }

  failed(user, line, reason) {
    const element = renderFailure(user, this.shownLine(line), reason, () => element.remove());
    this.list.append(element);
    this.toEnd();
  }

  /**
   * After a component was used: its message waits on while the bot edits it (type 6), but not for
   * ever; any other answer makes it usable at once.
   */
  settle(id, callbackType) {
    const { element } = this.shown.get(id) ?? {};
    if (!element) return;
    const rows = element.querySelector(".rows");
    if (callbackType !== DEFERRED_UPDATE) unlock(rows ?? element);
    else setTimeout(() => rows && unlock(rows), EDIT_WAIT_MS);
  }

  onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroll;
    // Only going up lets go of the end: what grows below while we scroll down does not count.
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) {
      this.pinned = true;
      this.jump.hidden = true;
    } else if (scrollTop < this.top) this.pinned = false;
    this.top = scrollTop;
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.pinned = true;
    this.jump.hidden = true;
  }
}

/** Swaps an edited message in; the focus stays on the component it was on. */
function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const waiting = old.querySelector("[data-pending]");
  const index = [...old.querySelectorAll(".rows button")].indexOf(waiting ?? focused);
  old.replaceWith(fresh);
  if (!focused && !(waiting && document.activeElement === document.body)) return;
  const buttons = [...fresh.querySelectorAll(".rows button")];
  const key = (waiting ?? focused)?.dataset.customId;
  (buttons.find((button) => button.dataset.customId === key) ?? buttons[index])?.focus();
}
