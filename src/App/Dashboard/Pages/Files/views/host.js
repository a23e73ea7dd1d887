// One host: its routes in the order of precedence, each from path to destination.

import { get, Refused } from '../api.js';
import { fill, h } from '../dom.js';
import { plural } from '../format.js';
import { backendDetail, backendState, backendTone } from '../parts/backend.js';
import { backendLink, badge, capital, certificateLink, problemNote, sentence, words } from '../parts/badges.js';

const Refresh = 5000; // ms

export function host(place, { heading, after }) {
  const name = place.parts[1];
  const element = h('div', { class: 'host', 'aria-busy': 'true' });
  const asking = new AbortController();
  let timer = null;
  heading.textContent = name === '*' ? 'Any host' : name;

  async function load() {
    clearTimeout(timer);
    try {
      const found = await get(`hosts/${encodeURIComponent(name)}`, null, asking.signal);
      fill(after, ...summary(found), h('a', { class: 'button', href: `#/explain?url=${encodeURIComponent(address(found))}` }, 'Explain a request'));
      fill(element, ...general(found), found.routes.map(route));
    } catch (failure) {
      if (asking.signal.aborted) {
        return;
      }

      show(failure);
    }

    element.setAttribute('aria-busy', 'false');
    timer = setTimeout(load, Refresh);
  }

  function show(failure) {
    if (failure instanceof Refused || element.childElementCount === 0) { // otherwise what is there stays: the frame says that we are disconnected
      fill(element, failure instanceof Refused && failure.status === 404 ? gone(name, failure.message) : h('div', { class: 'nothing' }, h('h2', {}, 'The host could not be read'), h('p', {}, sentence(failure.message))));
    }
  }

  load();
  return {
    element,
    changed: load,
    close() {
      asking.abort();
      clearTimeout(timer);
    },
  };
}

/** The problems that no single route has. */
function general({ problems, routes }) {
  const shown = new Set(routes.flatMap(one => one.problems).map(problem => JSON.stringify(problem)));
  const rest = problems.filter(problem => !shown.has(JSON.stringify(problem)));
  return rest.length > 0 ? [h('div', { class: 'notes' }, rest.map(problemNote))] : [];
}

const address = ({ host: named, tls }) => `${tls.kind === 'none' ? 'http' : 'https'}://${named === '*' ? 'example.com' : named.replace(/^\*/, 'any')}/`;

const gone = (name, why) => h('div', { class: 'nothing' },
  h('h2', {}, 'No Ingress declares this host'),
  h('p', {}, sentence(why)),
  h('p', {}, 'It may have been there a moment ago; the page shows it when it is back. ', h('a', { href: `#/explain?url=${encodeURIComponent(`http://${name}/`)}` }, 'Explain'), ' says what a request for it is answered, and why.'));

function summary({ tls, routes }) {
  const all = [badge('plain', plural(routes.length, 'route'))];
  if (tls.kind === 'passthrough') {
    all.push(badge('plain', 'TLS passed through'));
  } else if (tls.kind === 'terminated') {
    all.push(tls.certificate ? h('span', {}, 'Certificate ', certificateLink(tls.certificate)) : badge('plain', 'Default certificate'));
  } else {
    all.push(badge('plain', 'No TLS asked for'));
  }

  if (tls.redirect) {
    all.push(badge('plain', 'http is redirected'));
  }

  if (tls.clientCertificates && tls.clientCertificates !== 'off') {
    all.push(badge('plain', `Client certificates: ${words(tls.clientCertificates)}`));
  }

  return all;
}

const route = one => h('section', { class: 'card route' },
  h('div', { class: 'card-head' },
    h('h2', {}, one.path === '' ? 'Everything else' : [h('span', { class: 'muted' }, `${capital(one.pathType)} `), h('code', {}, one.path)]),
    h('span', {}, one.ingress ? ['Ingress ', h('strong', {}, one.ingress)] : null, h('span', { class: 'muted' }, `${one.class ? ` class ${one.class},` : ''} ${one.field}`))),
  h('ol', { class: 'path' },
    one.refusal ? h('li', { class: 'bad' }, h('h3', {}, 'Refused'), h('p', {}, sentence(one.refusal))) : null,
    h('li', {}, h('h3', {}, 'Policies'), policies(one.policies)),
    h('li', { class: backendTone(one.backend) },
      h('h3', {}, 'Backend ', one.backend ? [backendLink(one.backend), ' ', backendState(one.backend)] : null),
      one.backend ? backendDetail(one.backend) : h('p', {}, 'None: nothing is forwarded.'))),
  one.problems.length > 0 ? h('div', { class: 'notes' }, one.problems.map(problemNote)) : null);

const policies = all => all.length === 0
  ? h('p', { class: 'muted' }, 'None: the request is forwarded as it is.')
  : h('ol', { class: 'chain' }, all.map(policy => h('li', {}, h('span', { class: 'muted' }, policy.name), ' ', words(policy.value))));
