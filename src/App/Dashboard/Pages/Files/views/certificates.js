// Every certificate that is served, and how long it lasts.

import { h, svg } from '../dom.js';
import { count, day, plural } from '../format.js';
import { badge, dotted, hostLink, problems } from '../parts/badges.js';
import { list } from '../parts/list.js';

const Soon = 14; // days
const Shown = 3; // names

export const certificates = place => list({
  place,
  path: 'certificates',
  noun: ['certificate', 'certificates'],
  filters: [{ name: 'search', label: 'Search', kind: 'search', hint: 'part of a Secret or a name' }],
  columns: [
    { title: 'Secret', kind: 'wide', cell: item => h('span', {}, item.secret, ' ', item.isDefault ? badge('plain', 'Default') : null) },
    { title: 'Names', kind: 'wide', cell: item => some(item.names, dotted) },
    { title: 'Issuer', kind: 'wide', cell: item => item.issuer },
    { title: 'Key', cell: item => ({ rsa: 'RSA', ecdsa: 'ECDSA' })[item.keyType] ?? item.keyType },
    { title: 'Expires', kind: 'expires', cell: expiry },
    { title: 'Used by', kind: 'wide', cell: users },
    { title: 'Problems', cell: item => problems(item.problems, item.secret) },
  ],
  keyOf: item => item.secret,
  nothing: {
    title: 'No certificate yet',
    text: ['A certificate comes from the Secret that an Ingress names under ', h('code', {}, 'spec.tls'), '. Hosts without one get a certificate that the program has made for itself, which clients do not trust.'],
  },
});

function some(all, show) {
  const rest = all.length - Shown;
  return h('span', {}, all.slice(0, Shown).flatMap((one, index) => [index > 0 ? ', ' : null, show(one)]), rest > 0 ? h('span', { class: 'muted', title: all.slice(Shown).join(', ') }, ` and ${count(rest)} more`) : null);
}

function users(item) {
  if (item.hosts === 0) {
    return h('span', { class: 'muted' }, 'no host');
  }

  const shown = item.hostNames.slice(0, Shown);
  const rest = item.hosts - shown.length;
  return h('span', {}, shown.flatMap((name, index) => [index > 0 ? ', ' : null, hostLink(name)]), rest > 0 ? h('span', { class: 'muted' }, ` and ${plural(rest, 'other')}`) : null);
}

/** How much of its life is left, as a bar, and in words. */
function expiry(item) {
  const [from, to] = [Date.parse(item.notBefore), Date.parse(item.notAfter)];
  const left = Math.max(0, Math.min(1, (to - Date.now()) / Math.max(1, to - from)));
  const isOver = to <= Date.now();
  const tone = isOver ? 'bad' : item.daysLeft < Soon ? 'warn' : 'good';
  return h('div', { class: 'expiry' },
    svg('svg', { class: `bar ${tone}`, viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      svg('rect', { class: 'whole', width: 100, height: 6, rx: 1 }), svg('rect', { class: 'left', width: Math.round(100 * left), height: 6, rx: 1 })),
    h('span', { class: tone === 'good' ? null : tone }, isOver ? 'Expired' : `in ${plural(item.daysLeft, 'day')}`),
    h('span', { class: 'muted' }, ` ${day(item.notAfter)}`));
}
