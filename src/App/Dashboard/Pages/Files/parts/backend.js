// A backend and its destinations, as the pages of hosts and of backends show it.

import { h } from '../dom.js';
import { count, milliseconds, rate } from '../format.js';
import { badge, capital, sentence, words } from './badges.js';

const AtFirst = 12; // destinations

/**
 * @param all with every destination, and with the policies, which a route lists among its own
 * @returns a node for everything below the backend's name
 */
export function backendDetail(backend, all = false) {
  return h('div', { class: 'backend' },
    h('dl', { class: 'facts' },
      fact('Protocol', words(backend.protocol)),
      all ? backend.policies.map(policy => fact(capital(policy.name), words(policy.value))) : null),
    backend.trouble ? h('p', { class: 'note bad' }, sentence(backend.trouble)) : null,
    backend.destinations.length + backend.passedOver.length > 0 ? destinations(backend, all) : null);
}

const fact = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));

function destinations(backend, all) {
  const every = [...backend.destinations.map(cells), ...backend.passedOver.map(withoutRequests)];
  const shown = all ? every : every.slice(0, AtFirst);
  const rest = every.length - shown.length;
  return h('div', { class: 'sheet inner' },
    h('table', { class: 'list', 'aria-label': `Destinations of ${backend.namespace}/${backend.service}:${backend.port}` },
      h('thead', {}, h('tr', {}, Columns.map(([title, kind]) => h('th', { scope: 'col', class: kind }, title)))),
      h('tbody', {}, shown.map(row))),
    rest > 0 ? h('p', { class: 'hint' }, `and ${count(rest)} more; the page Backends has them all`) : null);
}

const Columns = [
  ['Destination', 'wide'], ['Health', ''], ['Requests/s', 'number'], ['Failures/s', 'number'], ['Failed in all', 'number'], ['In flight', 'number'], ['p50', 'number'], ['p99', 'number'],
];

const row = content => h('tr', {}, content.map((cell, index) => h('td', { class: Columns[index][1], 'data-title': Columns[index][0] }, cell)));

const address = one => h('span', {}, h('code', {}, one.address), one.zone ? h('span', { class: 'muted' }, ` ${one.zone}`) : null);

const cells = destination => [
  address(destination),
  health(destination),
  rate(destination.requests),
  h('span', { class: destination.failures > 0 ? 'bad' : null }, rate(destination.failures)),
  `${count(destination.failuresTotal)} of ${count(destination.requestsTotal)}`,
  count(destination.active),
  milliseconds(destination.p50),
  milliseconds(destination.p99),
];

const Reasons = {
  notReady: ['warn', 'Not ready, no requests', 'Its pod says that it is not ready: see its readiness probe'],
  terminating: ['plain', 'Terminating, no requests', 'Its pod ends'],
  elsewhere: ['plain', 'Elsewhere, no requests', 'It is ready, and its topology hints say that it is for other nodes or zones'],
};

const withoutRequests = endpoint => [address(endpoint), badge(...Reasons[endpoint.why]), ...Columns.slice(2).map(() => h('span', { class: 'muted' }, '–'))];

const health = destination => !destination.ready ? badge('warn', 'Not ready', 'It gets requests only because no endpoint is ready')
  : destination.failures > 0 ? badge('bad', 'Failing', destination.lastFailure)
    : destination.lastFailure ? badge('plain', 'Ready', `Last failure: ${destination.lastFailure}`) : badge('good', 'Ready');

/** A tone and a word for a backend as a whole. */
const stateOf = backend => backend.trouble ? ['bad', 'No destination']
  : backend.destinations.some(destination => destination.failures > 0) ? ['bad', 'Failing']
    : backend.destinations.some(destination => !destination.ready) || backend.passedOver.some(endpoint => endpoint.why === 'notReady') ? ['warn', 'Partly ready'] : ['good', 'OK'];

/** How many of the Service's endpoints are ready. */
export const readiness = ({ destinations, passedOver }) =>
  `${count(destinations.filter(one => one.ready).length + passedOver.filter(one => one.why === 'elsewhere').length)} of ${count(destinations.length + passedOver.length)}`;

export const backendState = backend => badge(...stateOf(backend));

export const backendTone = backend => backend === null ? 'bad' : stateOf(backend)[0];
