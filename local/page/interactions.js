/** What a user does to the bot: commands, components, forms; and what comes of it. */

import { postAutocomplete, postCommand, postComponent, postModal } from "./api.js";
import { openModal } from "./modal.js";
import { toInteraction } from "./values.js";

/** `here()` tells who acts where: {user, place}. */
export class Interactions {
  constructor({ chat, inspector, here }) {
    Object.assign(this, { chat, inspector, here });
  }

  /** A slash command with the values of its options. */
  run(leaf, values) {
    const { command, files } = toInteraction(leaf, values);
    return this.send(`/${leaf.line}`, command, files);
  }

  /** A user or message command from a menu. */
  runMenu({ name, type }, targetId) {
    return this.send(name, { name, type, options: [], target_id: targetId }, []);
  }

  async send(line, command, files) {
    const { user, place } = this.here();
    const sending = this.chat.sending(user, line);
    const mark = this.chat.mark();
    try {
      this.take(await postCommand({ ...ids(user, place), ...command }, files), place, mark);
    } catch (error) {
      if (place === this.here().place) this.chat.failed(user, line, error.message);
    }
    sending.remove();
  }

  /** What every POST brings: a message, a modal, or why not. */
  take(answer, place, mark) {
    this.inspector.answered(answer);
    if (answer.error || !isOk(answer.status)) {
      throw new Error(answer.error ?? `The endpoint answered ${answer.status}.`);
    }
    if (answer.message && place === this.here().place) this.chat.put(answer.message, mark);
    if (answer.modal) this.showModal(answer);
  }

  showModal({ modal, interaction_id: id }) {
    const { user, place } = this.here();
    openModal(modal, {
      appName: "UtilsBot+",
      submit: async (fields) => {
        const mark = this.chat.mark();
        const submission = { user_id: user.id, interaction_id: id, custom_id: modal.custom_id, fields };
        this.take(await postModal(submission), place, mark);
      },
    });
  }

  /** A press or a choice under a message. Rejects when it failed. */
  async use(message, action) {
    const { user, place } = this.here();
    const mark = this.chat.mark();
    const answer = await postComponent({ user_id: user.id, message_id: message.id, values: [], ...action });
    this.take(answer, place, mark);
    this.chat.settle(message.id, answer.callback?.type);
  }

  /** What the bot suggests for the focused option of a command. */
  async complete(command, signal) {
    const { user, place } = this.here();
    const { choices } = await postAutocomplete({ ...ids(user, place), ...command }, signal);
    return choices ?? [];
  }
}

const ids = (user, place) => ({ user_id: user.id, place_id: place.id });
const isOk = (status) => status >= 200 && status < 300;
