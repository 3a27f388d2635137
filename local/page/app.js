/** The playground page: joins the stack, the chat, the composer and the inspector. */

import { getMessages, getState, listen, postAutocomplete, postCommand, postComponent, postModal } from "./api.js";
import { Chat } from "./chat.js";
import { leafOfLine, leavesOf, menuCommands, offered } from "./commands.js";
import { Composer } from "./composer.js";
import { avatar, fill, h, icon, iconButton } from "./dom.js";
import { Inspector } from "./inspector.js";
import { openModal } from "./modal.js";
import { openMenu } from "./popover.js";
import { listenForKeys, showShortcuts } from "./shortcuts.js";
import { drawMe, drawPlaces, iconOf, plainName } from "./sidebar.js";
import { currentTheme, recall, remember, setTheme } from "./theme.js";
import { keepRelativeTimes } from "./time.js";
import { toInteraction } from "./values.js";

const USER_MENU = 2;
const MESSAGE_MENU = 3;
const PRIVATE_FLAG = 64;
const byId = (id) => document.getElementById(id);

class App {
  constructor(state) {
    this.world = state;
    this.leaves = leavesOf(state.commands);
    this.user = state.users.find((user) => user.id === recall("utilsbot.user")) ?? state.users[0];
    this.place = state.places.find((place) => place.id === recall("utilsbot.place")) ?? state.places[0];
    this.unread = new Set();
    this.stop = () => {};
    this.chat = new Chat({ scroll: byId("scroll"), list: byId("messages"), actions: (message) => this.actionsFor(message), welcome: () => this.welcome() });
    this.inspector = new Inspector(byId("inspector"), { onToggle: (open) => this.onInspector(open) });
    this.composer = new Composer(byId("composer-dock"), {
      leaves: () => this.leaves.filter((leaf) => offered(leaf.command, this.place, this.user)),
      all: () => this.leaves,
      send: (leaf, values) => this.run(leaf, values),
      complete: (command, signal) => this.complete(command, signal),
      world: () => this.world,
    });
  }

  start() {
    this.drawNote();
    this.draw();
    this.follow();
    this.listenForFiles();
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
    keepRelativeTimes();
    listenForKeys({ inspector: () => this.inspector.toggle(), shortcuts: showShortcuts, place: (by) => this.stepPlace(by), type: () => this.composer.focus() });
    byId("scrim").addEventListener("click", () => this.showSide(false));
    if (recall("utilsbot.inspector") === "open" && innerWidth > 1100) this.inspector.toggle(true);
    this.composer.focus();
  }

  // Drawing

  draw() {
    const { places, users } = this.world;
    drawPlaces(byId("places"), { places, place: this.place, unread: this.unread, choose: (place) => this.goTo(place) });
    drawMe(byId("me"), {
      user: this.user, users, choose: (user) => this.actAs(user), theme: currentTheme(), shortcuts: showShortcuts,
      nextTheme: (theme) => (setTheme(theme), this.draw(), byId("me").querySelector("[data-testid=theme]").focus()),
      inspect: () => this.inspector.toggle(), inspecting: this.inspector.open,
    });
    fill(
      byId("chat-head"),
      iconButton("menu", "Places", () => this.showSide(true), { class: "icon-button narrow-only", "data-testid": "open-sidebar" }),
      icon(iconOf(this.place)),
      h("h1", { "data-testid": "place-name", text: plainName(this.place) }),
      h("span", { class: "topic", text: this.topic() }),
      h("span", { class: "offline", id: "offline", role: "status", "data-testid": "offline", hidden: true }, "Reconnecting…"),
      iconButton("panel", "Inspector (Ctrl+I)", () => this.inspector.toggle(), { class: "icon-button narrow-only" }),
    );
    this.composer.placeholder(`Type / to talk to UtilsBot+ ${this.place.kind === "guild" ? `in #${plainName(this.place)}` : "here"}`);
  }

  topic() {
    return { guild: "Everybody here sees public answers", dm: "Just you and the bot", private_channel: "A group: the bot works here as your own app" }[this.place.kind];
  }

  drawNote() {
    const note = byId("note");
    const text = this.world.note ?? (this.world.can_sign ? null : "This page cannot sign: the stack runs with a foreign public key. What you send is refused.");
    note.hidden = !text;
    fill(note, icon("warning"), h("span", { text: text ?? "" }));
  }

  welcome() {
    const leaves = this.leaves.filter((leaf) => offered(leaf.command, this.place, this.user));
    const lines = leaves.flatMap((leaf) => leaf.examples.slice(0, 1)).sort((a, b) => b.includes(":") - a.includes(":")).slice(0, 8);
    return h(
      "div",
      { class: "welcome", "data-testid": "welcome" },
      h("span", { class: "welcome-icon" }, icon(iconOf(this.place))),
      h("h2", { text: this.place.kind === "guild" ? `Welcome to #${plainName(this.place)}` : plainName(this.place) }),
      h("p", {}, "The whole bot runs on this machine. Type ", h("kbd", { text: "/" }), " for its commands, or begin with one of these:"),
      h("div", { class: "examples" }, lines.map((line) => h("button", { type: "button", class: "example", "data-testid": "example", onclick: () => this.composer.fillIn(line) }, h("code", { text: line })))),
    );
  }

  showSide(open) {
    byId("app").classList.toggle("side-open", open);
    if (open) byId("side").querySelector("[aria-current=page]")?.focus();
    else this.composer.focus();
  }

  onInspector(open) {
    byId("app").classList.toggle("inspecting", open);
    remember("utilsbot.inspector", open ? "open" : null);
    this.draw();
    if (!open) this.composer.focus();
  }

  // Places and users

  goTo(place) {
    this.place = place;
    remember("utilsbot.place", place.id);
    this.unread.delete(place.id);
    this.draw();
    this.load();
    this.showSide(false);
    this.composer.leave();
  }

  stepPlace(by) {
    const { places } = this.world;
    const at = places.findIndex((place) => place.id === this.place.id);
    this.goTo(places[(at + by + places.length) % places.length]);
  }

  actAs(user) {
    this.user = user;
    remember("utilsbot.user", user.id);
    this.draw();
    this.follow();
    this.composer.leave();
  }

  /** Listens to what the user may see, and loads it anew whenever the line comes up. */
  follow() {
    this.stop();
    this.load();
    let broken = false;
    this.stop = listen(this.user.id, (event) => this.onEvent(event), (up) => {
      if (up && broken) this.load();
      broken = !up;
      const offline = byId("offline");
      if (offline) offline.hidden = up;
    });
  }

  async load() {
    const { place, user } = this;
    try {
      const { messages } = await getMessages(place.id, user.id);
      if (place === this.place && user === this.user) this.chat.reset(messages);
    } catch (error) {
      this.composer.say(error.message);
    }
  }

  onEvent(event) {
    if (event.type === "message") this.onMessage(event.message);
    else if (event.type === "delete") this.chat.remove(event.message_id);
    else if (event.type === "log") this.inspector.log(event);
    else if (event.type === "exchange") this.inspector.exchange(event);
  }

  onMessage(message) {
    this.inspector.message(message);
    if (message.place_id === this.place.id) this.chat.put(message);
    else if (!this.world.places.some((place) => place.id === message.place_id)) this.discover(message);
    else if (!this.unread.has(message.place_id)) {
      this.unread.add(message.place_id);
      this.draw();
    }
  }

  /** A foreign client came from a place that is new to us. */
  async discover(message) {
    this.unread.add(message.place_id);
    await this.refresh();
  }

  /** Users, places and commands anew: the stack reloads its code while the page stays open. */
  async refresh() {
    this.world = await getState().catch(() => this.world);
    this.leaves = leavesOf(this.world.commands);
    this.drawNote();
    this.draw();
  }

  // Interactions

  async run(leaf, values) {
    const { command, files } = toInteraction(leaf, values);
    await this.send(`/${leaf.line}`, () => postCommand({ user_id: this.user.id, place_id: this.place.id, ...command }, files));
  }

  /** A user or message command from a menu. */
  runMenu(command, targetId) {
    const body = { user_id: this.user.id, place_id: this.place.id, name: command.name, type: command.type, options: [], target_id: targetId };
    return this.send(command.name, () => postCommand(body, []));
  }

  async send(line, post) {
    const { user, place } = this;
    const sending = this.chat.sending(user, line);
    const mark = this.chat.mark();
    try {
      const answer = await post();
      sending.remove();
      this.take(answer, place, mark);
    } catch (error) {
      sending.remove();
      if (place === this.place) this.chat.failed(user, line, error.message);
    }
  }

  /** What every POST brings: a message, a modal, or why not. */
  take(answer, place, mark) {
    this.inspector.answered(answer);
    if (answer.error || !isOk(answer.status)) throw new Error(answer.error ?? `The endpoint answered ${answer.status}.`);
    if (answer.message && place === this.place) this.chat.put(answer.message, mark);
    if (answer.modal) this.showModal(answer);
  }

  showModal({ modal, interaction_id: id }) {
    const { user, place } = this;
    openModal(modal, {
      appName: "UtilsBot+",
      submit: async (fields) => {
        const mark = this.chat.mark();
        const answer = await postModal({ user_id: user.id, interaction_id: id, custom_id: modal.custom_id, fields });
        this.take(answer, place, mark);
      },
    });
  }

  async use(message, action) {
    const { user, place } = this;
    const mark = this.chat.mark();
    const answer = await postComponent({ user_id: user.id, message_id: message.id, values: [], ...action });
    this.take(answer, place, mark);
    this.chat.settle(message.id, answer.callback?.type);
  }

  async complete(command, signal) {
    const { choices } = await postAutocomplete({ user_id: this.user.id, place_id: this.place.id, ...command }, signal);
    return choices ?? [];
  }

  // Messages

  actionsFor(message) {
    return {
      names: this.names(),
      colourOf: (id) => this.world.users.find((user) => user.id === id)?.avatar_colour,
      use: (action) => this.use(message, action),
      dismiss: () => (this.chat.dismiss(message.id), this.composer.focus()),
      inspect: () => this.inspector.show(message.interaction?.id),
      more: (button) => this.openMore(button, message),
      userMenu: menuCommands(this.world.commands, USER_MENU).length ? (button, user) => this.openUserMenu(button, user) : null,
    };
  }

  names() {
    const { users, places, application_id: bot } = this.world;
    return {
      user: (id) => (id === bot ? "UtilsBot+" : users.find((user) => user.id === id)?.name),
      channel: (id) => places.filter((place) => place.channel_id === id).map(plainName)[0],
      command: (name) => this.startCommand(name),
    };
  }

  startCommand(name) {
    const found = leafOfLine(this.leaves, name);
    if (found) this.composer.begin(found.leaf);
  }

  openMore(button, message) {
    const commands = menuCommands(this.world.commands, MESSAGE_MENU).filter((command) => offered(command, this.place, this.user));
    const isPrivate = (message.flags ?? 0) & PRIVATE_FLAG || message.private;
    openMenu(
      button,
      "Message",
      [
        ...(isPrivate ? [] : commands.map((command) => ({ label: command.name, detail: "App", icon: "slash", run: () => this.runMenu(command, message.id) }))),
        { label: "Copy text", icon: "copy", run: () => navigator.clipboard.writeText(plainText(message)) },
        { label: "Copy message id", icon: "copy", run: () => navigator.clipboard.writeText(message.id) },
        { label: "Inspect", icon: "panel", run: () => this.inspector.show(message.interaction?.id) },
      ],
      "end",
    );
  }

  openUserMenu(button, user) {
    const commands = menuCommands(this.world.commands, USER_MENU).filter((command) => offered(command, this.place, this.user));
    openMenu(button, user.name, commands.map((command) => ({ label: command.name, detail: "App", lead: avatar(user.name, "", "small"), run: () => this.runMenu(command, user.id) })));
  }

  // Files

  listenForFiles() {
    const drop = byId("drop");
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
    addEventListener("paste", (event) => {
      const file = event.clipboardData?.files[0];
      if (!file || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      this.composer.takeFile(file);
    });
    addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      byId("drop-hint").textContent = this.composer.form ? `It goes to /${this.composer.form.leaf.line}` : "Then choose what to do with it";
      drop.hidden = false;
    });
    addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) drop.hidden = true;
    });
    addEventListener("drop", (event) => {
      drop.hidden = true;
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer.files[0]) this.composer.takeFile(event.dataTransfer.files[0]);
    });
  }
}

const isOk = (status) => status === undefined || status === null || (status >= 200 && status < 300);

function plainText(message) {
  return [message.content, ...(message.embeds ?? []).flatMap((embed) => [embed.title, embed.description, ...(embed.fields ?? []).map((field) => `${field.name}: ${field.value}`)])].filter(Boolean).join("\n");
}

try {
  const app = new App(await getState());
  app.start();
  document.documentElement.dataset.ready = "";
} catch (error) {
  fill(byId("messages"), h("div", { class: "welcome", role: "alert" }, h("h2", { text: "The local stack does not answer" }), h("p", { text: error.message })));
}
