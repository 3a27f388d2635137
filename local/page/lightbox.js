/** A picture over the page, as large as it fits. */

import { h, icon, outLink } from "./dom.js";

/** Opens a picture of our own server; Escape, the button or a click beside it closes it. */
export function openPicture(url, alt, name) {
  const close = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => dialog.close() },
    icon("close"),
  );
  const dialog = h(
    "dialog",
    { class: "lightbox", "aria-label": alt, "data-testid": "lightbox" },
    h("img", { src: url, alt }),
    h(
      "div",
      { class: "lightbox-bar" },
      h("span", { text: name || alt }),
      outLink(url, "Open in a new tab"),
      close,
    ),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
