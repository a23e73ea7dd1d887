// Type a request, and see the decision: which host, path, policies and backend answer it, and why.

import { get } from '../api.js';
import { fill, h } from '../dom.js';
import { count } from '../format.js';
import { badge, capital, certificateLink, problemNote, sentence, status, words } from '../parts/badges.js';

const Shown = 12; // candidates, destinations
const Methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export function explain(place) {
  const url = h('input', { id: 'url', name: 'url', type: 'text', inputmode: 'url', 'data-search': true, placeholder: 'https://shop.example.com/cart?id=7', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', required: true });
  const method = h('select', { id: 'method', name: 'method' }, Methods.map(name => h('option', {}, name)));
  const headers = h('textarea', { id: 'headers', name: 'headers', rows: 2, placeholder: 'Cookie: canary=always', spellcheck: 'false', autocapitalize: 'off', 'aria-describedby': 'headers-hint' });
  const result = h('div', { class: 'explained', 'aria-live': 'polite' });
  const asking = { now: null };
  url.value = place.query.get('url') ?? '';
  method.value = place.query.get('method') ?? 'GET';
  headers.value = place.query.getAll('header').join('\n');

  const element = h('div', { class: 'explain' },
    h('form', { class: 'card request', submit: event => { event.preventDefault(); ask(); } },
      h('div', { class: 'line' },
        h('div', { class: 'field' }, h('label', { for: 'method' }, 'Method'), method),
        h('div', { class: 'field grow' }, h('label', { for: 'url' }, 'URL'), url),
        h('button', { type: 'submit', class: 'primary' }, 'Explain')),
      h('div', { class: 'field' }, h('label', { for: 'headers' }, 'Headers'), headers, h('p', { class: 'hint', id: 'headers-hint' }, 'One a line, as in “Name: value”. Nothing is sent to any backend.'))),
    result);

  async function ask(isChange) {
    if (url.value.trim() === '') {
      url.focus();
      return;
    }

    asking.now?.abort();
    const mine = asking.now = new AbortController();
    const lines = headers.value.split('\n').map(line => line.trim()).filter(line => line !== '');
    const query = { url: complete(url.value.trim()), method: method.value, header: lines };
    if (!isChange) {
      place.set({ url: query.url, method: query.method === 'GET' ? null : query.method, header: null });
      lines.forEach(line => place.query.append('header', line));
      place.set({});
    }

    try {
      fill(result, ...drawn(await get('explain', query, mine.signal)));
    } catch (failure) {
      if (!mine.signal.aborted) {
        fill(result, h('div', { class: 'note bad' }, h('p', {}, sentence(failure.message))));
      }
    }
  }

  if (url.value) {
    ask(true);
  } else {
    fill(result, h('div', { class: 'nothing' }, h('h2', {}, 'Why does my host answer 404?'), h('p', {}, 'Type the address that a client asks for: the answer is the whole way of that request through the controller, with every Ingress that could have taken it.')));
  }

  return { element, changed: () => url.value && result.querySelector('.answer') ? ask(true) : null, close: () => asking.now?.abort() };
}

/** What is typed without a scheme is meant for https. */
const complete = text => /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;

const Tones = { matched: 'good', passed: 'good', refused: 'bad', skipped: 'skipped' };
const Words = { matched: 'Matched', passed: 'Passed', refused: 'Refused', skipped: 'Skipped' };

function drawn({ steps, answer, problems }) {
  return [
    h('ol', { class: 'decision', 'aria-label': 'Decision path' },
      steps.map(step => h('li', { class: Tones[step.verdict] ?? '' },
        h('h2', {}, step.step === 'https' ? 'HTTPS' : capital(step.step), ' ', badge({ good: 'good', bad: 'bad' }[Tones[step.verdict]] ?? 'plain', Words[step.verdict] ?? step.verdict)),
        h('p', {}, sentence(step.text)),
        step.candidates.length > 0 ? candidates(step.candidates) : null)),
      h('li', { class: `answer ${answer.kind === 'refused' ? 'bad' : 'good'}` },
        h('h2', {}, 'Answer ', answer.status ? status(answer.status) : badge('good', capital(words(answer.kind)))),
        h('p', {}, sentence(answer.text)),
        h('dl', { class: 'facts' }, facts(answer)))),
    problems.length > 0 ? h('section', { class: 'notes' }, h('h2', {}, 'Problems that concern this host'), problems.map(problemNote)) : null,
  ];
}

const candidates = all => h('ul', { class: 'candidates' },
  all.slice(0, Shown).map(candidate),
  all.length > Shown ? h('li', {}, h('span', { class: 'mark' }), h('span', { class: 'muted' }, `and ${count(all.length - Shown)} more`)) : null);

const candidate = ({ name, ingresses, chosen, why }) => h('li', { class: chosen ? 'chosen' : null },
  h('span', { class: 'mark', 'aria-hidden': 'true' }, chosen ? '→' : ''),
  h('span', {}, chosen ? h('span', { class: 'hidden' }, 'Chosen: ') : null, h('code', {}, name === '*' ? 'any host' : name), ingresses.length > 0 ? ` by ${ingresses.join(', ')}` : null, why ? h('span', { class: 'muted' }, ` ${why}`) : null));

function facts(answer) {
  const rest = answer.destinations.length - Shown;
  const rows = [
    ['Ingress', answer.ingress],
    ['Service', answer.service],
    ['Destinations', answer.destinations.length > 0 ? answer.destinations.slice(0, Shown).join(', ') + (rest > 0 ? ` and ${count(rest)} more` : '') : null],
    ['Certificate', answer.certificate ? certificateLink(answer.certificate) : null],
  ];
  return rows.filter(([, value]) => value).map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)));
}
