/** What a user does to the bot: commands, components, forms; and what comes of it. */

import { postAutocomplete, postCommand, postComponent, postModal } from "./api.js";
import { inLanguage } from "./language.js";
import { openModal } from "./modal.js";
import { toInteraction } from "./values.js";

/** `here()` tells who acts where in which language: {user, place, locale}. */
export class Interactions {
  constructor({ chat, inspector, here }) {
    Object.assign(this, { chat, inspector, here });
  }

  /** A slash command with the values of its options. */
  run(leaf, values) {
    const { command, files } = toInteraction(leaf, values);
    return this.send(`/${leaf.own}`, command, files);
  }

  /** A user or message command from a menu. */
  runMenu({ name, type }, targetId) {
    return this.send(name, { name, type, options: [], target_id: targetId }, []);
  }

  async send(line, command, files) {
    const { user, place, locale } = this.here();
    const sending = this.chat.sending(user, line);
    const mark = this.chat.mark();
    try {
      this.take(await postCommand({ ...ids(user, place), locale, ...command }, files), place, mark);
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
    const { user, place, locale } = this.here();
    openModal(modal, {
      appName: "UtilsBot+",
      submit: async (fields) => {
        const mark = this.chat.mark();
        const { custom_id } = modal;
        const submission = { user_id: user.id, locale, interaction_id: id, custom_id, fields };
        this.take(await postModal(submission), place, mark);
      },
    });
  }

  /** A press or a choice under a message. Rejects when it failed. */
  async use(message, action) {
    const { user, place, locale } = this.here();
    const mark = this.chat.mark();
    const use = { user_id: user.id, locale, message_id: message.id, values: [], ...action };
    const answer = await postComponent(use);
    this.take(answer, place, mark);
    this.chat.settle(message.id, answer.callback?.type);
  }

  /** What the bot suggests for the focused option of a command. */
  async complete(command, signal) {
    const { user, place, locale } = this.here();
    const { choices } = await postAutocomplete({ ...ids(user, place), locale, ...command }, signal);
    return (choices ?? []).map((choice) => inLanguage(choice, locale));
  }
}

const ids = (user, place) => ({ user_id: user.id, place_id: place.id });
const isOk = (status) => status >= 200 && status < 300;
