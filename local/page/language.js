/** Commands in the language that a user's Discord speaks: what is shown, beside what is sent. */

import { recall, remember } from "./theme.js";

export const DEFAULT = "en-US";
/** Source: interactions/application-commands.mdx, Locale fallbacks. */
const FALLBACKS = { "en-US": "en-GB", "en-GB": "en-US", "es-419": "es-ES" };

const key = (user) => `utilsbot.locale.${user.id}`;

/** The locale that a user of this page has chosen, one of `locales`: [{code, name}]. */
export function localeOf(user, locales) {
  const chosen = recall(key(user));
  return locales.some((each) => each.code === chosen) ? chosen : DEFAULT;
}

export const setLocale = (user, code) => remember(key(user), code === DEFAULT ? null : code);

/**
 * A command, or a part of one, as Discord shows it in a locale, nested parts included.
 *
 * `label` is the name to show and `name` stays the one to send; a description is replaced.
 */
export function inLanguage(part, locale) {
  const shown = { ...part, label: text(part, "name", locale) };
  if (part.description !== undefined) shown.description = text(part, "description", locale);
  for (const nested of ["options", "choices"])
    if (part[nested]) shown[nested] = part[nested].map((each) => inLanguage(each, locale));
  return shown;
}

function text(part, field, locale) {
  const known = part[`${field}_localizations`] ?? {};
  return known[locale] ?? known[FALLBACKS[locale]] ?? part[field];
}

/** Two names as the same one, in any case and however their accents are written. */
export const same = (a, b) => plain(a) === plain(b);
export const plain = (name) => name.normalize("NFC").toLowerCase();

/** The part that a typed name means: the one shown as that, else the one called so in English. */
export const called = (parts, name) =>
  parts.find((part) => same(part.label, name)) ?? parts.find((part) => same(part.name, name));
