/** The playground page: joins the stack, the chat, the composer and the inspector. */

import { getMessages, getState, listen } from "./api.js";
import { Chat } from "./chat.js";
import { leafOfLine, leavesOf, menuCommands, offered, shownLine } from "./commands.js";
import { Composer } from "./composer.js";
import { fill, h } from "./dom.js";
import { listenForFiles } from "./files.js";
import { drawHead, drawNote, renderWelcome } from "./head.js";
import { Inspector } from "./inspector.js";
import { Interactions } from "./interactions.js";
import { inLanguage, localeOf, setLocale } from "./language.js";
import { openMessageMenu, openUserMenu } from "./message_menu.js";
import { listenForKeys, showShortcuts } from "./shortcuts.js";
import { drawMe, drawPlaces, plainName } from "./sidebar.js";
import { currentTheme, recall, remember, setTheme } from "./theme.js";
import { keepRelativeTimes } from "./time.js";

const USER_MENU = 2;
const MESSAGE_MENU = 3;
const byId = (id) => document.getElementById(id);

class App {
  constructor(state) {
    this.world = state;
    this.user = state.users.find((user) => user.id === recall("utilsbot.user")) ?? state.users[0];
    this.place = state.places.find((place) => place.id === recall("utilsbot.place")) ?? state.places[0];
    this.speak();
    this.unread = new Set();
    this.stop = () => {};
    this.chat = new Chat({
      scroll: byId("scroll"),
      list: byId("messages"),
      actions: (message) => this.actionsFor(message),
      shownLine: (line) => this.shownLine(line),
      welcome: () => renderWelcome(this.place, this.leavesHere(), (line) => this.composer.prefill(line)),
    });
    this.inspector = new Inspector(byId("inspector"), { onToggle: (open) => this.onInspector(open) });
    this.interactions = new Interactions({
      chat: this.chat,
      inspector: this.inspector,
      here: () => ({ user: this.user, place: this.place, locale: this.locale }),
    });
    this.composer = new Composer(byId("composer-dock"), {
      leaves: () => this.leavesHere(),
      all: () => this.leaves,
      send: (leaf, values) => this.interactions.run(leaf, values),
      complete: (command, signal) => this.interactions.complete(command, signal),
      world: () => this.world,
    });
  }

  start() {
    this.draw();
    this.follow();
    listenForFiles(byId("drop"), byId("drop-hint"), this.composer);
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
    keepRelativeTimes();
    listenForKeys({
      inspector: () => this.inspector.toggle(),
      shortcuts: showShortcuts,
      place: (by) => this.stepPlace(by),
      type: () => this.composer.focus(),
    });
    byId("scrim").addEventListener("click", () => this.showSide(false));
    if (recall("utilsbot.inspector") === "open" && innerWidth > 1100) this.inspector.toggle(true);
    this.composer.focus();
  }

  /** What Discord would offer to this user in this place. */
  leavesHere() {
    return this.leaves.filter((leaf) => offered(leaf.command, this.place, this.user));
  }

  // Drawing

  draw() {
    const { places, users } = this.world;
    drawPlaces(byId("places"), {
      places,
      place: this.place,
      unread: this.unread,
      choose: (place) => this.goTo(place),
    });
    drawMe(byId("me"), {
      user: this.user,
      users,
      choose: (user) => this.actAs(user),
      locale: this.locale,
      locales: this.world.locales,
      speak: (code) => this.chooseLocale(code),
      theme: currentTheme(),
      shortcuts: showShortcuts,
      nextTheme: (theme) => (
        setTheme(theme),
        this.draw(),
        byId("me").querySelector("[data-testid=theme]").focus()
      ),
      inspect: () => this.inspector.toggle(),
      inspecting: this.inspector.open,
    });
    drawHead(byId("chat-head"), this.place, {
      showSide: () => this.showSide(true),
      inspect: () => this.inspector.toggle(),
    });
    drawNote(byId("note"), this.world);
    this.composer.placeholder(
      `Type / to talk to UtilsBot+ ${this.place.kind === "guild" ? `in #${plainName(this.place)}` : "here"}`,
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
    this.speak();
    this.draw();
    this.follow();
    this.composer.leave();
  }

  /** Names the commands in the language of the user who acts. */
  speak() {
    this.locale = localeOf(this.user, this.world.locales);
    this.commands = this.world.commands.map((command) => inLanguage(command, this.locale));
    this.leaves = leavesOf(this.commands);
  }

  shownLine(line) {
    return shownLine(this.commands, this.leaves, line);
  }

  chooseLocale(code) {
    setLocale(this.user, code);
    this.speak();
    this.load(); // the names of the commands that were used
    this.composer.leave();
    byId("me").querySelector("[data-testid=locale]").focus(); // as arrow keys choose again
  }

  /** Listens to what the user may see, and loads it anew whenever the line comes up. */
  follow() {
    this.stop();
    this.load();
    this.stop = listen(
      this.user.id,
      (event) => this.onEvent(event),
      (up) => {
        if (up) this.load(); // what came while nobody listened, at the start too
        const offline = byId("offline");
        if (offline) offline.hidden = up;
      },
    );
  }

  async load() {
    const { place, user } = this;
    const mark = this.chat.mark();
    try {
      const { messages } = await getMessages(place.id, user.id);
      if (place === this.place && user === this.user) this.chat.reset(messages, mark);
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
    this.speak();
    this.draw();
  }

  // Messages

  menuCommands(type) {
    return menuCommands(this.commands, type).filter((command) => offered(command, this.place, this.user));
  }

  actionsFor(message) {
    return {
      names: this.names(),
      colourOf: (id) => this.world.users.find((user) => user.id === id)?.avatar_colour,
      shownLine: (line) => this.shownLine(line),
      use: (action) => this.interactions.use(message, action),
      dismiss: () => (this.chat.dismiss(message.id), this.composer.focus()),
      inspect: () => this.inspector.show(message.interaction?.id),
      more: (button) =>
        openMessageMenu(button, message, {
          commands: this.menuCommands(MESSAGE_MENU),
          run: (command) => this.interactions.runMenu(command, message.id),
          inspect: () => this.inspector.show(message.interaction?.id),
        }),
      userMenu: this.menuCommands(USER_MENU).length
        ? (button, user) =>
            openUserMenu(button, user, this.menuCommands(USER_MENU), (command) =>
              this.interactions.runMenu(command, user.id),
            )
        : null,
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
}

try {
  const app = new App(await getState());
  app.start();
  document.documentElement.dataset.ready = "";
} catch (error) {
  fill(
    byId("messages"),
    h(
      "div",
      { class: "welcome", role: "alert" },
      h("h2", { text: "The local stack does not answer" }),
      h("p", { text: error.message }),
    ),
  );
}
