/** The calls to the local stack, and its stream of events. */

/** What the stack said no to, in words for the page. */
export class StackError extends Error {}

const TIMEOUT_MS = 20_000;

export const getState = () => call("/play/state");

export function getMessages(placeId, userId) {
  return call(`/play/messages?${new URLSearchParams({ place_id: placeId, user_id: userId })}`);
}

/** Runs a command; `files` maps the part names that attachment options hold to files. */
export function postCommand(command, files) {
  const form = new FormData();
  form.append("json", JSON.stringify(command));
  for (const [name, file] of files) form.append(name, file, file.name);
  return call("/play/command", { method: "POST", body: form });
}

export const postAutocomplete = (command, signal) => postJson("/play/autocomplete", command, signal);
export const postComponent = (use) => postJson("/play/component", use);
export const postModal = (submission) => postJson("/play/modal", submission);

function postJson(path, body, signal) {
  return call(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
}

async function call(path, { signal, ...options } = {}) {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(path, {
    ...options,
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  }).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new StackError(
      error.name === "TimeoutError"
        ? "The local stack did not answer in 20 s."
        : "The local stack is not reachable. Is it still running?",
    );
  });
  const body = await response.json().catch(() => null);
  if (!response.ok || body === null) {
    throw new StackError(body?.error ?? `The local stack answered ${response.status}.`);
  }
  return body;
}

/**
 * The events for one user until closed. `onEvent` gets each; `onLink` gets true when the line is
 * up and false when it breaks; the browser connects again by itself.
 */
export function listen(userId, onEvent, onLink) {
  const source = new EventSource(`/play/events?${new URLSearchParams({ user_id: userId })}`);
  source.onopen = () => onLink(true);
  source.onerror = () => onLink(false);
  source.onmessage = (event) => onEvent(JSON.parse(event.data));
  return () => source.close();
}
