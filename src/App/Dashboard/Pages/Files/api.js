// The program's answers under /api/: by request, and as a stream of events. A stream is read with fetch, because EventSource sends no token.

import { ask, token } from './access.js';

const FirstDelay = 1000; // ms
const LongestDelay = 15_000;

/** The program said no; the message is its sentence. */
export class Refused extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

/** The answer at a path below /api/. Asks for a token as long as one is wanted. */
export async function get(path, query, signal) {
  const response = await request(path, query, { signal });
  return await response.json();
}

async function request(path, query, options) {
  for (;;) {
    const headers = { Accept: options.accept ?? 'application/json' };
    const used = token();
    if (used) {
      headers.Authorization = `Bearer ${used}`;
    }

    const response = await send(address(path, query), { headers, signal: options.signal, cache: 'no-store', credentials: 'omit' });
    if (response.ok) {
      return response;
    }

    const sentence = await sentenceOf(response);
    if (response.status !== 401 && response.status !== 403) {
      throw new Refused(response.status, sentence);
    }

    if (token() === used) {
      await ask(sentence); // otherwise another request has got one meanwhile
    }

    options.signal?.throwIfAborted();
  }
}

async function send(url, options) {
  try {
    return await fetch(url, options);
  } catch (failure) {
    throw options.signal?.aborted ? failure : new Error('The controller does not answer', { cause: failure });
  }
}

function address(path, query) {
  const given = Object.entries(query ?? {}).flatMap(([name, value]) => [value].flat().map(one => [name, one])).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const text = new URLSearchParams(given).toString();
  return `api/${path}${text ? `?${text}` : ''}`;
}

async function sentenceOf(response) {
  try {
    return (await response.json()).error ?? `The program answers ${response.status}`;
  } catch {
    return `The program answers ${response.status}`;
  }
}

/**
 * Reads a stream of events until it is stopped, and connects again whenever it ends.
 * @param on open(), event(name, data), lost(milliseconds until the next try)
 * @param silence ms without a byte after which the connection counts as dead
 * @returns a function that stops it
 */
export function listen(path, query, on, silence = 30_000) {
  const stopping = new AbortController();
  let delay = FirstDelay;

  async function once() {
    const trying = new AbortController();
    const end = () => trying.abort();
    stopping.signal.addEventListener('abort', end, { once: true });
    let watchdog = setTimeout(end, silence);
    try {
      const response = await request(path, query, { signal: trying.signal, accept: 'text/event-stream' });
      on.open?.();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      const parse = parser(on.event);
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        clearTimeout(watchdog);
        watchdog = setTimeout(end, silence);
        delay = FirstDelay;
        parse(part.value);
      }
    } finally {
      clearTimeout(watchdog);
      stopping.signal.removeEventListener('abort', end);
    }
  }

  (async () => {
    while (!stopping.signal.aborted) {
      let failure = null;
      try {
        await once();
      } catch (caught) {
        failure = caught;
      }

      if (stopping.signal.aborted) {
        return;
      }

      const wait = delay * (0.75 + Math.random() / 2);
      on.lost?.(wait, failure instanceof Refused ? failure.message : null);
      delay = Math.min(2 * delay, LongestDelay);
      await pause(wait, stopping.signal);
    }
  })();
  return () => stopping.abort();
}

/** Until the time is over, the network is back, or it is stopped. */
function pause(wait, signal) {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, wait);
    addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}

/** Server-sent events as the HTML standard writes them, in pieces of any size. */
function parser(event) {
  let rest = '';
  let name = 'message';
  let lines = [];
  return piece => {
    const parts = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = parts.pop();
    for (const line of parts) {
      if (line === '') {
        if (lines.length > 0) {
          event(name, JSON.parse(lines.join('\n')));
        }

        [name, lines] = ['message', []];
      } else if (!line.startsWith(':')) {
        const colon = line.indexOf(':');
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (field === 'event') {
          name = value;
        } else if (field === 'data') {
          lines.push(value);
        }
      }
    }
  };
}
