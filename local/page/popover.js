/** Floating lists and menus: in the top layer, placed beside what opened them, closed by Escape. */

import { h, icon } from "./dom.js";

const GAP_PX = 6;

/** Shows an element beside an anchor until `close()`; it opens upwards where there is more room. */
export function float(anchor, panel, { onClose, align = "start", wide = false } = {}) {
  panel.popover = "manual";
  (anchor.closest("dialog") ?? document.body).append(panel);
  panel.showPopover();
  const place = () => position(anchor, panel, align, wide);
  const outside = (event) => {
    if (!panel.contains(event.target) && !anchor.contains(event.target)) close();
  };
  let open = true;
  function close() {
    if (!open) return;
    open = false;
    removeEventListener("pointerdown", outside, true);
    removeEventListener("resize", close);
    removeEventListener("scroll", follow, true);
    panel.remove();
    onClose?.();
  }
  const follow = (event) => {
    if (!panel.contains(event.target)) place();
  };
  addEventListener("pointerdown", outside, true);
  addEventListener("resize", close);
  addEventListener("scroll", follow, true);
  place();
  return { close, place };
}

function position(anchor, panel, align, wide) {
  const box = anchor.getBoundingClientRect();
  if (wide) panel.style.width = `${box.width}px`;
  const below = innerHeight - box.bottom;
  const up = below < panel.offsetHeight + GAP_PX && box.top > below;
  const top = up ? box.top - panel.offsetHeight - GAP_PX : box.bottom + GAP_PX;
  const left = align === "end" ? box.right - panel.offsetWidth : box.left;
  panel.style.top = `${Math.max(GAP_PX, top)}px`;
  panel.style.left = `${Math.min(Math.max(GAP_PX, left), innerWidth - panel.offsetWidth - GAP_PX)}px`;
}

/**
 * A menu of actions under a button: [{label, icon?, checked?, detail?, run}].
 * Arrow keys move, Enter chooses, Escape goes back to the button.
 */
export function openMenu(anchor, label, items, align = "start") {
  const panel = h("div", { class: "menu", role: "menu", "aria-label": label, "data-testid": "menu" });
  const floating = float(anchor, panel, {
    align,
    onClose: () => anchor.setAttribute("aria-expanded", "false"),
  });
  const choose = (item) => {
    floating.close();
    anchor.focus();
    item.run();
  };
  panel.append(...items.map((item) => menuItem(item, choose)));
  floating.place();
  anchor.setAttribute("aria-expanded", "true");
  panel.addEventListener("keydown", (event) =>
    moveInMenu(event, panel, () => (floating.close(), anchor.focus())),
  );
  (panel.querySelector("[aria-checked=true]") ?? panel.firstElementChild)?.focus();
}

function menuItem(item, choose) {
  const checkable = item.checked !== undefined;
  return h(
    "button",
    {
      type: "button",
      class: "menu-item",
      role: checkable ? "menuitemradio" : "menuitem",
      "aria-checked": checkable ? item.checked : null,
      tabindex: -1,
      onclick: () => choose(item),
    },
    item.lead ?? (item.icon ? icon(item.icon) : null),
    h("span", { class: "menu-label" }, item.label, item.detail ? h("small", { text: item.detail }) : null),
    item.checked ? icon("check") : null,
  );
}

function moveInMenu(event, panel, leave) {
  const items = [...panel.children];
  const at = items.indexOf(document.activeElement);
  const to = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (to !== undefined) items[to].focus();
  else if (event.key === "Escape" || event.key === "Tab") leave();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
