// Every certificate that is served or asked for: how long it lasts, and what becomes of its order.

import { h, svg } from '../dom.js';
import { count, day, plural, until } from '../format.js';
import { badge, capital, dotted, hostLink, problems, sentence } from '../parts/badges.js';
import { list } from '../parts/list.js';

const Soon = 14; // days
const Shown = 3; // names
const Tones = { issued: 'good', failed: 'bad', refused: 'bad' };
const States = ['refused', 'waiting', 'ordered', 'proving', 'issued', 'failed'];

export const certificates = place => list({
  place,
  path: 'certificates',
  noun: ['certificate', 'certificates'],
  filters: [
    { name: 'search', label: 'Search', kind: 'search', hint: 'part of a Secret or a name' },
    { name: 'state', label: 'By ACME', kind: 'select', options: [['', 'Any'], ...States.map(state => [state, capital(state)])] },
  ],
  columns: [
    { title: 'Secret', kind: 'wide', cell: item => h('span', {}, item.secret, ' ', item.isDefault ? badge('plain', 'Default') : null) },
    { title: 'Names', kind: 'wide', cell: item => some(item.names, dotted) },
    { title: 'Issuer', kind: 'wide', cell: issuer },
    { title: 'Expires', kind: 'expires', cell: item => h('div', {}, item.defect === null ? null : broken(item), item.notAfter === null ? null : expiry(item), item.order === null ? null : order(item.order)) },
    { title: 'Used by', kind: 'wide', cell: users },
    { title: 'Problems', cell: item => problems(item.problems, item.secret) },
  ],
  keyOf: item => item.secret,
  nothing: {
    title: 'No certificate yet',
    text: ['A certificate comes from the Secret that an Ingress names under ', h('code', {}, 'spec.tls'), ', which somebody makes or, where ACME is on, this program. Hosts without one get a certificate that the program has made for itself, which clients do not trust.'],
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

const issuer = item => item.issuer === null ? h('span', { class: 'muted' }, item.defect === null ? 'none yet' : 'none') : h('span', {}, item.issuer, h('span', { class: 'muted' }, ` ${{ rsa: 'RSA', ecdsa: 'ECDSA' }[item.keyType] ?? item.keyType}`));

/** Why nothing of the Secret can be served. */
const broken = item => h('div', {}, badge('bad', 'Broken'), ' ', sentence(`the Secret ${item.defect}`));

/** What became of the wish for it, the authority's own words, and what comes next. */
function order(asked) {
  const next = asked.nextTry !== null ? ['next try', asked.nextTry] : asked.state === 'issued' && asked.nextRenewal !== null ? ['renewal', asked.nextRenewal] : null;
  return h('div', { class: 'order' }, badge(Tones[asked.state] ?? 'plain', capital(asked.state)), asked.issuer ? h('span', { class: 'muted' }, ` from ${asked.issuer}`) : null,
    asked.cause ? [' ', sentence(asked.cause)] : null,
    next === null ? null : h('span', { class: 'muted' }, asked.cause ? ` ${capital(next[0])} ` : `, ${next[0]} `, h('time', { datetime: next[1], title: next[1] }, until(next[1]))));
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
