// Every backend with what its destinations do.

import { h } from '../dom.js';
import { milliseconds, percent, rate } from '../format.js';
import { backendDetail, backendState, readiness } from '../parts/backend.js';
import { words } from '../parts/badges.js';
import { namespaces } from '../parts/choices.js';
import { list } from '../parts/list.js';

export const backends = place => list({
  place,
  path: 'backends',
  noun: ['backend', 'backends'],
  filters: [
    { name: 'search', label: 'Search', kind: 'search', hint: 'part of a Service' },
    { name: 'namespace', label: 'Namespace', kind: 'text', hint: 'all', more: namespaces },
    { name: 'state', label: 'State', kind: 'select', options: [['', 'Any'], ['ok', 'OK'], ['failing', 'Failing'], ['empty', 'Without destinations']] },
  ],
  columns: [
    { title: 'Service', kind: 'wide', cell: item => h('span', {}, `${item.namespace}/${item.service}:${item.port}`) },
    { title: 'State', cell: backendState },
    { title: 'Protocol', cell: item => words(item.protocol) },
    { title: 'Ready', kind: 'number', cell: readiness },
    { title: 'Requests/s', kind: 'number', cell: item => rate(item.requests) },
    { title: '5xx', kind: 'number', cell: item => h('span', { class: item.serverErrors > 0 ? 'bad' : null }, percent(item.serverErrors, item.requests)) },
    { title: 'p50', kind: 'number', cell: item => milliseconds(item.p50) },
    { title: 'p99', kind: 'number', cell: item => milliseconds(item.p99) },
  ],
  keyOf: item => item.key,
  nameOf: item => `${item.namespace}/${item.service}:${item.port}`,
  detail: item => backendDetail(item, true),
  nothing: {
    title: 'No backend yet',
    text: ['A backend is a port of a Service that some route leads to. Without Ingresses there are none; the page ', h('a', { href: '#/hosts' }, 'Hosts'), ' says how to begin.'],
  },
});
