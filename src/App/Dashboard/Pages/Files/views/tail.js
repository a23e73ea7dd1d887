// Requests as they finish, the newest above.

import { listen } from '../api.js';
import { h, say } from '../dom.js';
import { bytes, clock, count, milliseconds, plural } from '../format.js';
import { status } from '../parts/badges.js';
import { form } from '../parts/filters.js';

const Most = 300; // rows
const Waiting = 1000; // requests that came while nothing is drawn

export function tail(place) {
  const controls = form(place, [
    { name: 'host', label: 'Host', kind: 'search', hint: 'shop.example.com or *.example.com' },
    { name: 'path', label: 'Path begins with', kind: 'text', hint: '/' },
    { name: 'ingress', label: 'Ingress', kind: 'text', hint: 'namespace/name' },
    { name: 'status', label: 'Status', kind: 'select', options: [['', 'Any'], ['2xx', '2xx'], ['3xx', '3xx'], ['4xx', '4xx'], ['5xx', '5xx']] },
    { name: 'method', label: 'Method', kind: 'select', options: ['', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TCP', 'UDP'].map(name => [name, name || 'Any']) },
  ], () => {
    place.set(controls.values());
    clear();
    follow();
  });
  const pause = h('button', { type: 'button', 'aria-pressed': 'false', click: () => hold(pause.getAttribute('aria-pressed') !== 'true') }, 'Pause');
  const body = h('tbody');
  const table = h('table', { class: 'list tail', 'aria-label': 'Requests' }, h('thead', {}, h('tr', {}, Columns.map(([title, kind]) => h('th', { scope: 'col', class: kind }, title)))), body);
  const nothing = h('div', { class: 'nothing' }, h('h2', {}, 'Waiting for requests'), h('p', {}, 'Every request that finishes from now on and passes the filters is shown here, the newest above. Nothing is kept from before.'));
  const said = h('p', { class: 'total' });
  const element = h('div', { class: 'list-page' }, controls.element,
    h('div', { class: 'tail-bar' }, said, h('span', { class: 'buttons' }, pause, h('button', { type: 'button', click: clear }, 'Clear'))),
    h('div', { class: 'sheet' }, table, nothing));
  let stop = null;
  let waiting = [];
  let isPaused = false;
  let seen = 0;
  let missed = 0;
  let frame = null;

  function follow() {
    stop?.();
    stop = listen('tail', controls.values(), {
      open: tell,
      event(name, news) {
        if (name === 'missed') {
          missed += news.count;
        } else if (name === 'request') {
          seen++;
          waiting.push(news);
          if (waiting.length > Waiting) {
            waiting.shift();
          }
        }

        frame ??= requestAnimationFrame(draw);
      },
    }, 45_000);
  }

  function draw() {
    frame = null;
    if (!isPaused && waiting.length > 0) {
      body.prepend(...waiting.slice(-Most).reverse().map(row));
      waiting = [];
      while (body.childElementCount > Most) {
        body.lastElementChild.remove();
      }
    }

    tell();
  }

  function tell() {
    const isEmpty = body.childElementCount === 0;
    table.hidden = isEmpty;
    nothing.hidden = !isEmpty;
    say(said, [
      `${plural(seen, 'request')} since ${since}`,
      isPaused ? `${count(waiting.length)} ${waiting.length === 1 ? 'waits' : 'wait'}` : null,
      missed > 0 ? `${count(missed)} came too fast to be shown` : null,
      !isPaused && body.childElementCount >= Most ? `the last ${Most} are shown` : null,
    ].filter(Boolean).join(', '));
  }

  function hold(wanted) {
    isPaused = wanted;
    pause.setAttribute('aria-pressed', String(wanted));
    say(pause, wanted ? 'Go on' : 'Pause');
    draw();
  }

  function clear() {
    body.replaceChildren();
    [waiting, seen, missed, since] = [[], 0, 0, clock(Date.now())];
    tell();
  }

  let since = clock(Date.now());
  tell();
  follow();
  return {
    element,
    close() {
      stop();
      cancelAnimationFrame(frame);
    },
  };
}

const Columns = [['Time', ''], ['Status', ''], ['Request', 'wide'], ['Took', 'number'], ['Size', 'number'], ['Ingress', ''], ['Destination', ''], ['Client', '']];

function row(request) {
  const cells = [
    clock(request.time),
    status(request.status),
    h('span', {}, h('strong', {}, request.method || 'passed through'), ' ', request.host, h('wbr'), request.path, request.reason ? h('span', { class: 'muted' }, ` ${request.reason}`) : null),
    h('span', { title: request.upstreamTime === null || request.upstreamTime === undefined ? null : `of these the backend ${milliseconds(request.upstreamTime)}` }, milliseconds(request.duration)),
    bytes(request.bytes),
    request.ingress || '–',
    h('span', { title: request.service }, request.destination || '–'),
    h('span', { title: request.requestId ? `Request ${request.requestId}` : null }, request.client),
  ];
  return h('tr', {}, cells.map((cell, index) => h('td', { class: Columns[index][1] || null, 'data-title': Columns[index][0] }, cell)));
}
