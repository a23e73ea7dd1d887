// What stands now, as the program tells it every two seconds: one stream for the whole page.

import { get, listen } from './api.js';

const Kept = 150; // points: five minutes
const Silence = 10_000; // ms; news come every 2 s

/** The last overview; null before the first. */
export let overview = null;

/** The last five minutes, oldest first. */
export let history = [];

const listeners = { overview: new Set(), changed: new Set(), state: new Set() };

/** @param event overview | changed | state
 *  @returns a function that ends it */
export function on(event, listener) {
  listeners[event].add(listener);
  return () => listeners[event].delete(listener);
}

const tell = (event, ...news) => listeners[event].forEach(listener => listener(...news));

/** Begins, and goes on as long as somebody looks: a hidden tab keeps no connection, because browsers open only six to one address. */
export function start() {
  let stop = null;
  const follow = () => {
    if (document.hidden) {
      stop?.();
      stop = null;
    } else {
      stop ??= listen('events', null, { open: opened, event: heard, lost: (wait, why) => tell('state', 'lost', wait, why) }, Silence);
    }
  };
  document.addEventListener('visibilitychange', follow);
  follow();
}

async function opened() {
  try {
    const { history: points, ...now } = await get('overview');
    [overview, history] = [now, points ?? []];
    tell('state', 'live');
    tell('overview');
    tell('changed');
  } catch {
    // the stream ends as well then, and it is tried again
  }
}

function heard(name, news) {
  if (name === 'changed') {
    tell('changed');
  } else if (name === 'overview' && overview !== null) {
    const { history: points, ...now } = news;
    overview = now;
    for (const point of points) {
      history = [...history.filter(known => known.time !== point.time), point].slice(-Kept); // the newest may have grown since it was told
    }

    tell('overview');
  }
}
