// Small words with a colour; the word alone says it, too.

import { h } from '../dom.js';
import { plural } from '../format.js';

/** @param tone good | warn | bad | plain */
export const badge = (tone, text, title) => h('span', { class: `badge ${tone}`, title }, text);

export const severity = problem => badge(problem.severity === 'error' ? 'bad' : 'warn', problem.severity === 'error' ? 'Error' : 'Warning');

/** A link to the problems of something, or nothing to see. */
export const problems = (number, search) => number > 0
  ? h('a', { class: 'badge warn', href: `#/problems?search=${encodeURIComponent(search)}` }, plural(number, 'problem'))
  : h('span', { class: 'muted' }, 'none');

export const status = code => badge(code >= 500 ? 'bad' : code >= 400 ? 'warn' : code >= 300 ? 'plain' : 'good', String(code));

/** A name that is broken after its dots, if it must be. */
export const dotted = name => name.split(/(?<=\.)/).flatMap((part, index) => index > 0 ? [h('wbr'), part] : [part]);

/** Where a host, a certificate or a backend of that name is shown. */
export const hostLink = (host, text = host) => h('a', { href: `#/hosts/${encodeURIComponent(host)}` }, text === '*' ? 'any host' : dotted(text));

export const certificateLink = secret => h('a', { href: `#/certificates?search=${encodeURIComponent(secret)}` }, secret);

export const backendLink = backend => h('a', { href: `#/backends?search=${encodeURIComponent(`${backend.namespace}/${backend.service}`)}` }, `${backend.namespace}/${backend.service}:${backend.port}`);

const objectName = ({ kind, namespace, name }) => `${kind} ${namespace ? `${namespace}/` : ''}${name}`;

/** One problem: what, where, and the cure. */
export const problemNote = problem => h('div', { class: `note ${problem.severity === 'error' ? 'bad' : 'warn'}` },
  h('p', {}, severity(problem), ' ', h('strong', {}, problem.code), problem.object ? ` of ${objectName(problem.object)}` : null, problem.field ? [' at ', h('code', {}, problem.field)] : null, problem.file ? [' in ', h('code', {}, problem.file)] : null),
  h('p', {}, sentence(problem.message)),
  problem.cure ? h('p', {}, h('span', { class: 'muted' }, 'Cure: '), sentence(problem.cure)) : null);

/** A word of the API as people read it: roundRobin as round robin. Others stay as they are. */
export const words = text => /^[a-z]+([A-Z][a-z0-9]+)+$/.test(text) ? text.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`) : text;

export const capital = text => text === '' ? text : text[0].toUpperCase() + text.slice(1);

/** With a full stop at its end, and a capital at its beginning where that is a plain word. */
export function sentence(text) {
  const begun = /^[a-z]+[ ,]/.test(text ?? '') ? capital(text) : text;
  return !begun || /[.!?:]$/.test(begun) ? begun : `${begun}.`;
}
