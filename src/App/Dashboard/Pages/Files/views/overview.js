// Traffic, errors and latency of the last five minutes; what is wrong; what runs here.

import { get } from '../api.js';
import { fill, h, reconcile, say } from '../dom.js';
import { ago, count, milliseconds, percent, rate } from '../format.js';
import * as live from '../live.js';
import { badge, hostLink, sentence, severity } from '../parts/badges.js';
import { chart } from '../parts/chart.js';

const Busiest = 8;
const Shown = 5; // problems
const Often = 4000; // ms between two looks at the busiest hosts

export function overview(place, { after }) {
  const charts = [
    chart({ title: 'Requests', format: value => `${rate(value)}/s`, least: 1, lines: [{ name: 'all', key: 'requests', tone: 'accent', area: true }] }),
    chart({
      title: 'Errors', format: value => `${rate(value)}/s`, least: 1,
      lines: [{ name: '4xx', key: 'clientErrors', tone: 'warn' }, { name: '5xx', key: 'serverErrors', tone: 'bad', area: true }],
    }),
    chart({
      title: 'Latency', format: milliseconds, least: 1,
      lines: [{ name: 'p50', key: 'p50', tone: 'accent' }, { name: 'p99', key: 'p99', tone: 'second' }],
    }),
  ];
  const now = h('dl', { class: 'strip' });
  const troubles = h('div', { class: 'body problems-brief' });
  const troubleCount = h('span', { class: 'beside' });
  const running = h('dl', { class: 'facts stacked' });
  const top = h('table', { class: 'list', 'aria-label': 'Busiest hosts' }, h('thead', {}, h('tr', {},
    [['Host', 'wide'], ['Requests/s', 'number'], ['Errors', 'number'], ['p99', 'number']].map(([title, kind]) => h('th', { scope: 'col', class: kind }, title)))));
  const noTop = h('p', { class: 'quiet-note' }, 'No traffic yet. Hosts appear here with their first request.');
  const asking = new AbortController();
  let looked = -Infinity;

  const element = h('div', { class: 'overview' },
    h('div', { class: 'card now-card' }, now),
    h('div', { class: 'charts' }, charts.map(each => each.element)),
    h('div', { class: 'columns' },
      h('section', { class: 'card', 'aria-label': 'Busiest hosts' }, h('div', { class: 'card-head' }, h('h2', {}, 'Busiest hosts'), h('a', { class: 'beside', href: '#/hosts' }, 'All hosts')), h('div', { class: 'body flush' }, top, noTop)),
      h('section', { class: 'card', 'aria-label': 'Problems' }, h('div', { class: 'card-head' }, h('h2', {}, 'Problems'), troubleCount), troubles),
      h('section', { class: 'card', 'aria-label': 'This controller' }, h('div', { class: 'card-head' }, h('h2', {}, 'This controller')), h('div', { class: 'body' }, running))));

  async function look() {
    if (performance.now() - looked < Often) {
      return;
    }

    looked = performance.now();
    try {
      const { items } = await get('top', { by: 'host', limit: Busiest }, asking.signal);
      reconcile(top, items, item => item.name, topRow);
      top.hidden = items.length === 0;
      noTop.hidden = items.length > 0;
    } catch {
      // the frame says that we are disconnected
    }
  }

  async function changed() {
    try {
      const { items: errors } = await get('problems', { severity: 'error', limit: Shown }, asking.signal);
      const { items: warnings } = errors.length < Shown ? await get('problems', { severity: 'warning', limit: Shown - errors.length }, asking.signal) : { items: [] };
      fill(troubles, ...brief([...errors, ...warnings]));
    } catch {
      // as above
    }
  }

  function tick() {
    const standing = live.overview;
    if (standing === null) {
      return;
    }

    charts.forEach(each => each.draw(live.history));
    fill(after, standing.ready ? badge('good', 'Ready') : badge('bad', 'Not ready'), standing.obstacle ? h('span', { class: 'muted' }, standing.obstacle) : null);
    fill(now, ...nowFacts(standing));
    fill(running, ...controllerFacts(standing));
    fill(troubleCount, ...problemCounts(standing.problems));
    look();
  }

  top.hidden = true;
  changed();
  return { element, tick, changed, close: () => asking.abort() };
}

function topRow() {
  const [name, requests, errors, p99] = [h('td', { class: 'wide', 'data-title': 'Host' }), h('td', { class: 'number', 'data-title': 'Requests/s' }), h('td', { class: 'number', 'data-title': 'Errors' }), h('td', { class: 'number', 'data-title': 'p99' })];
  return {
    element: h('tbody', {}, h('tr', {}, name, requests, errors, p99)),
    update(item) {
      fill(name, hostLink(item.name));
      say(requests, rate(item.requests));
      const bad = item.clientErrors + item.serverErrors;
      fill(errors, h('span', { class: item.serverErrors > 0 ? 'bad' : null }, percent(bad, item.requests)));
      say(p99, milliseconds(item.p99));
    },
  };
}

const fact = (name, ...value) => h('div', {}, h('dt', {}, name), h('dd', {}, ...value));

const nowFacts = ({ traffic }) => [
  fact('Requests', `${rate(traffic.requests)}/s`),
  fact('Client errors', percent(traffic.clientErrors, traffic.requests)),
  fact('Server errors', h('span', { class: traffic.serverErrors > 0 ? 'bad' : null }, percent(traffic.serverErrors, traffic.requests))),
  fact('p50', milliseconds(traffic.p50)),
  fact('p99', milliseconds(traffic.p99)),
  fact('In flight', count(traffic.active)),
  fact('Connections', count(traffic.connections)),
];

const controllerFacts = ({ version, source, leader, startedAt, appliedAt, counts, orders }) => [
  fact('Version', h('span', { title: version }, version.replace(/\+(.{7}).*/, '+$1'))),
  fact('Reads', source),
  fact('Leader', leader === null ? 'none is needed' : leader.isLeader ? 'this replica' : leader.identity || 'nobody yet'),
  fact('Started', h('time', { datetime: startedAt, title: startedAt }, ago(startedAt))),
  fact('Last change', appliedAt ? h('time', { datetime: appliedAt, title: appliedAt }, ago(appliedAt)) : 'nothing is applied yet'),
  fact('Serves', `${count(counts.ingresses)} Ingresses, ${count(counts.routes)} routes to ${count(counts.destinations)} destinations`),
  orders === null ? null : fact('By ACME', ...orderCounts(orders)),
];

/** Those that went wrong as links to them. */
const orderCounts = orders => ['issued', 'pending', 'failed', 'refused'].filter(state => state === 'issued' || orders[state] > 0).flatMap((state, index) => {
  const text = `${count(orders[state])} ${state}`;
  const isWrong = state === 'failed' || state === 'refused';
  return [index > 0 ? ', ' : null, isWrong ? h('a', { class: 'bad', href: `#/certificates?state=${state}` }, text) : text];
});

const problemCounts = ({ error, warning }) => [
  error > 0 ? h('a', { class: 'badge bad', href: '#/problems?severity=error' }, `${count(error)} ${error === 1 ? 'error' : 'errors'}`) : null,
  warning > 0 ? h('a', { class: 'badge warn', href: '#/problems?severity=warning' }, `${count(warning)} ${warning === 1 ? 'warning' : 'warnings'}`) : null,
  error + warning === 0 ? badge('good', 'None') : null,
];

const brief = problems => problems.length === 0
  ? [h('p', { class: 'quiet-note' }, 'Nothing is wrong with any object that the controller reads.')]
  : [h('ul', { class: 'brief' }, problems.map(problem => h('li', {},
    h('p', {}, severity(problem), ' ', h('a', { href: `#/problems?search=${encodeURIComponent(problem.code)}` }, problem.code), problem.object ? h('span', { class: 'muted' }, ` ${problem.object.namespace}/${problem.object.name}`) : null),
    h('p', {}, sentence(problem.message)))))];
