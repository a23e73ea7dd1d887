// Numbers and times as people read them. Nothing here knows the page.

const whole = new Intl.NumberFormat('en');
const none = '–';

/** 12,345 */
export const count = value => value === null || value === undefined ? none : whole.format(value);

/** A rate per second: 0, 0.4, 7.2, 312, 12.3k */
export function rate(value) {
  if (value === null || value === undefined) {
    return none;
  }

  if (value === 0) {
    return '0';
  }

  if (value < 0.05) {
    return '<0.1';
  }

  return value < 9.95 ? trim(value.toFixed(1)) : value < 9_999.5 ? whole.format(Math.round(value)) : value < 999_950 ? `${trim((value / 1e3).toFixed(1))}k` : `${trim((value / 1e6).toFixed(1))}M`;
}

/** Milliseconds: 0.42 ms, 3.1 ms, 120 ms, 2.4 s */
export function milliseconds(value) {
  if (value === null || value === undefined) {
    return none;
  }

  return value < 0.995 ? `${trim(value.toFixed(2))} ms` : value < 9.95 ? `${trim(value.toFixed(1))} ms` : value < 999.5 ? `${Math.round(value)} ms` : value < 59_950 ? `${trim((value / 1e3).toFixed(1))} s` : `${trim((value / 6e4).toFixed(1))} min`;
}

/** Bytes: 512 B, 3.4 kB, 1.2 MB */
export function bytes(value) {
  if (value === null || value === undefined) {
    return none;
  }

  return value < 1000 ? `${value} B` : value < 999_950 ? `${trim((value / 1e3).toFixed(1))} kB` : value < 999_950_000 ? `${trim((value / 1e6).toFixed(1))} MB` : `${trim((value / 1e9).toFixed(1))} GB`;
}

/** A part of a whole: 0 %, 0.3 %, 12 % */
export function percent(part, all) {
  const value = all > 0 ? 100 * part / all : 0;
  return value > 0 && value < 0.05 ? '<0.1 %' : `${value < 9.95 ? trim(value.toFixed(1)) : Math.round(value)} %`;
}

/** How long: 12 s, 5 min, 3 h, 12 days */
export function span(seconds) {
  const of = (value, unit) => `${Math.floor(value)} ${unit}`;
  return seconds < 90 ? of(Math.max(0, seconds), 's') : seconds < 5400 ? of(seconds / 60, 'min') : seconds < 172_800 ? of(seconds / 3600, 'h') : of(seconds / 86_400, 'days');
}

/** How long ago. */
export const ago = time => time ? `${span((Date.now() - Date.parse(time)) / 1000)} ago` : none;

/** How long until then. */
export const until = time => Date.parse(time) <= Date.now() ? 'now' : `in ${span((Date.parse(time) - Date.now()) / 1000)}`;

/** 14:03:09 of the reader's own day. */
export const clock = time => {
  const at = new Date(time);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(part => String(part).padStart(2, '0')).join(':');
};

/** 2026-11-21 */
export const day = time => time ? time.slice(0, 10) : none;

/** 1 host, 2 hosts */
export const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;

const trim = text => text.includes('.') ? text.replace(/\.?0+$/, '') : text;
