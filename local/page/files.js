/** Files that are pasted or dropped anywhere on the page. */

/** Hands them to the composer; `overlay` shows while a file is dragged over the page, with a hint. */
export function listenForFiles(overlay, hint, composer) {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("paste", (event) => {
    const file = event.clipboardData?.files[0];
    if (!file || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    composer.takeFile(file);
  });
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    hint.textContent = composer.form
      ? `It goes to /${composer.form.leaf.line}`
      : "Then choose what to do with it";
    overlay.hidden = false;
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) overlay.hidden = true;
  });
  addEventListener("drop", (event) => {
    overlay.hidden = true;
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer.files[0]) composer.takeFile(event.dataTransfer.files[0]);
  });
}
