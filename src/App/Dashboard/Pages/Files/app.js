// The frame: which page is shown, the navigation beside it, the state of the connection, the keys.

import { h, say, fill } from './dom.js';
import { count } from './format.js';
import * as live from './live.js';
import { keys } from './keys.js';
import { overview } from './views/overview.js';
import { hosts } from './views/hosts.js';
import { host } from './views/host.js';
import { backends } from './views/backends.js';
import { certificates } from './views/certificates.js';
import { problems } from './views/problems.js';
import { explain } from './views/explain.js';
import { tail } from './views/tail.js';

/** name in the address, title, key after g, the view, and the number beside it. */
const Pages = [
  { path: '', title: 'Overview', key: 'o', open: overview },
  { path: 'hosts', title: 'Hosts', key: 'h', open: hosts, one: host, number: now => now.counts.hosts },
  { path: 'backends', title: 'Backends', key: 'b', open: backends, number: now => now.counts.backends },
  { path: 'certificates', title: 'Certificates', key: 'c', open: certificates, number: now => now.counts.certificates },
  { path: 'problems', title: 'Problems', key: 'p', open: problems, number: now => now.problems.error + now.problems.warning, alarm: now => now.problems.error > 0 },
  { path: 'explain', title: 'Explain', key: 'e', open: explain },
  { path: 'tail', title: 'Live tail', key: 't', open: tail },
];

const main = document.getElementById('main');
const state = document.getElementById('state');
const lost = document.getElementById('lost');
const menu = document.getElementById('menu');
const nav = document.getElementById('nav');
let shown = null; // { element, tick?(), changed?(), close?() }
let isFirst = true;

/** Where we are: the parts of the path, and a query that can be replaced without another page. */
function placeNow() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const place = {
    parts: path.split('/').map(part => decode(part)),
    query: new URLSearchParams(query ?? ''),
    set(values) {
      for (const [name, value] of Object.entries(values)) {
        if (value === null || value === undefined || value === '') {
          place.query.delete(name);
        } else {
          place.query.set(name, value);
        }
      }

      const text = place.query.toString();
      window.history.replaceState(null, '', `#/${path}${text ? `?${text}` : ''}`);
    },
  };
  return place;
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function show() {
  const place = placeNow();
  const page = Pages.find(candidate => candidate.path === place.parts[0]) ?? Pages[0];
  const isOne = page.one !== undefined && place.parts.length > 1 && place.parts[1] !== '';
  shown?.close?.();
  const heading = h('h1', { tabindex: -1 }, isOne ? place.parts[1] : page.title);
  const after = h('div', { class: 'beside' });
  shown = (isOne ? page.one : page.open)(place, { heading, after });
  main.replaceChildren(h('div', { class: 'head' }, heading, after), shown.element);
  shown.tick?.();
  document.title = `${heading.textContent} · Ingress controller`;
  for (const link of nav.querySelectorAll('a')) {
    const isHere = link.getAttribute('href') === `#/${page.path}`;
    if (isHere) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }

  unfold(false);
  scrollTo(0, 0);
  if (!isFirst) {
    heading.focus({ preventScroll: true }); // so that a screen reader says where we are now
  }

  isFirst = false;
}

function unfold(wanted) {
  menu.setAttribute('aria-expanded', String(wanted));
  document.body.classList.toggle('unfolded', wanted);
}

function navigation() {
  nav.append(h('ul', {}, Pages.map(page => h('li', {}, h('a', { href: `#/${page.path}` }, h('span', {}, page.title), page.number ? h('span', { class: 'number' }) : null)))));
  const numbers = Pages.map((page, index) => [page, nav.querySelectorAll('li')[index].querySelector('.number')]).filter(([page]) => page.number);
  live.on('overview', () => {
    for (const [page, number] of numbers) {
      say(number, count(page.number(live.overview)));
      number.classList.toggle('bad', page.alarm?.(live.overview) ?? false);
    }
  });
}

function connection() {
  let countdown = null;
  live.on('state', (now, wait, why) => {
    clearInterval(countdown);
    document.body.classList.toggle('stale', now === 'lost');
    state.dataset.state = now;
    lost.hidden = now === 'live';
    if (now === 'live') {
      say(state, 'Live');
      return;
    }

    say(state, 'Disconnected');
    const until = Date.now() + wait;
    const text = h('span', { 'aria-hidden': 'true' });
    const tell = () => say(text, ` Next try in ${Math.max(0, Math.ceil((until - Date.now()) / 1000))} s.`);
    fill(lost, h('strong', {}, 'Disconnected.'), ` ${why ? `${why.replace(/\.?$/, '.')} ` : ''}What you see is how it was.`);
    lost.append(text);
    tell();
    countdown = setInterval(tell, 1000);
  });
}

navigation();
connection();
keys(Pages, menu, unfold);
live.on('overview', () => shown?.tick?.());
live.on('changed', () => shown?.changed?.());
addEventListener('hashchange', show);
show();
live.start();
