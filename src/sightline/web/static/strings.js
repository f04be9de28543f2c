// Every word that a person reads comes from one catalogue; a language is one more file of it.

let words = {};
let locale = "en";

/** Load the catalogue of the person's language, English where there is none. */
export async function loadStrings(wanted = navigator.languages) {
  const known = ["en"];
  locale = wanted.map((name) => name.split("-")[0]).find((name) => known.includes(name)) ?? "en";
  const answer = await fetch(new URL(`./strings/${locale}.json`, import.meta.url));
  words = await answer.json();
  document.documentElement.lang = locale;
}

/** The text called `key`, with {name} filled in; `key|one` is taken where n is 1. */
export function t(key, values = {}) {
  const text = (values.n === 1 && words[`${key}|one`]) || words[key];
  if (text === undefined) return key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Whether the catalogue has a text for `key`. */
export const known = (key) => key in words;

const HOUR = 3600e3;

export const number = (value, digits = 0) =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
export const compact = (value) =>
  new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 }).format(value);
export const percent = (share) =>
  new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0, signDisplay: "exceptZero" }).format(share);
export const time = (ms) =>
  new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(ms);
export const dayAndTime = (ms) =>
  new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(ms);
export const day = (ms) => new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(ms);

/** A length of time as people say it: 45 s, 3 min 20 s, 2 h 5 min. */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return t("none");
  const whole = Math.round(seconds);
  if (whole < 60) return `${seconds < 10 ? number(seconds, 1) : whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min${whole % 60 ? ` ${whole % 60} s` : ""}`;
  const minutes = Math.round(whole / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ""}`;
  return `${Math.round(minutes / 1440)} d`;
}

/** An instant of today by its time alone, any other with its day, of another year with that. */
export function moment(ms) {
  const [then, now] = [new Date(ms), new Date()];
  if (then.toDateString() === now.toDateString()) return time(ms);
  const year = then.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(locale, { year, month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(ms);
}

const rough = (seconds) => {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
};

/** How long ago: "just now", "5 min ago", or a date once that says more. */
export function ago(ms, now = Date.now()) {
  const past = now - ms;
  if (past < 5e3) return t("time.now");
  if (past < 48 * HOUR) return t("time.ago", { span: rough(past / 1000) });
  return day(ms);
}

/** Bytes as people say them. */
export function bytes(count) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let unit = 0;
  while (count >= 1000 && unit < units.length - 1) {
    count /= 1000;
    unit += 1;
  }
  return `${number(count, count < 10 && unit ? 1 : 0)} ${units[unit]}`;
}
