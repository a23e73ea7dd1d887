// Every host that some Ingress declares, ten thousand of them if need be.

import { h } from '../dom.js';
import { count, rate } from '../format.js';
import { badge, certificateLink, hostLink, problems } from '../parts/badges.js';
import { classes, codes, namespaces } from '../parts/choices.js';
import { list } from '../parts/list.js';

export const hosts = place => list({
  place,
  path: 'hosts',
  noun: ['host', 'hosts'],
  filters: [
    { name: 'search', label: 'Search', kind: 'search', hint: 'part of a host' },
    { name: 'namespace', label: 'Namespace', kind: 'text', hint: 'all', more: namespaces },
    { name: 'class', label: 'Class', kind: 'text', hint: 'all', more: classes },
    { name: 'problem', label: 'Problems', kind: 'select', options: [['', 'With or without'], ['any', 'With problems']], more: codes },
  ],
  columns: [
    { title: 'Host', kind: 'wide', cell: item => hostLink(item.host) },
    { title: 'Namespace', cell: item => item.namespaces.join(', ') },
    { title: 'Class', cell: item => item.classes.join(', ') },
    { title: 'TLS', cell: tls },
    { title: 'Routes', kind: 'number', cell: item => count(item.routes) },
    { title: 'Requests/s', kind: 'number', cell: item => rate(item.requests) },
    { title: 'Problems', cell: item => problems(item.problems, item.host) },
  ],
  keyOf: item => item.host,
  nothing: {
    title: 'No host yet',
    text: ['A host appears here as soon as an Ingress of a class of ours names it: set ', h('code', {}, 'spec.ingressClassName'), ' to an IngressClass whose controller is this one. The page ', h('a', { href: '#/problems' }, 'Problems'), ' says what stands in the way.'],
  },
});

const tls = item => item.tls === 'passthrough' ? badge('plain', 'Passed through')
  : item.tls !== 'terminated' ? h('span', { class: 'muted' }, 'none')
    : item.certificate ? certificateLink(item.certificate) : badge('plain', 'Default', 'It has the default certificate, or one that the program has made for itself: no Secret is named for this host, or none that can be used');
