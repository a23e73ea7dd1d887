// What is wrong with which object, and what to do.

import { h } from '../dom.js';
import { hostLink, sentence, severity } from '../parts/badges.js';
import { codes } from '../parts/choices.js';
import { list } from '../parts/list.js';

export const problems = place => list({
  place,
  path: 'problems',
  noun: ['problem', 'problems'],
  filters: [
    { name: 'search', label: 'Search', kind: 'search', hint: 'part of an object, a code or a sentence' },
    { name: 'namespace', label: 'Namespace', kind: 'text', hint: 'all' },
    { name: 'code', label: 'Code', kind: 'select', options: [['', 'Any']], more: codes },
    { name: 'severity', label: 'Severity', kind: 'select', options: [['', 'Any'], ['error', 'Errors'], ['warning', 'Warnings']] },
  ],
  columns: [
    { title: 'Severity', cell: severity },
    { title: 'Object', kind: 'object', cell: item => h('span', {}, object(item), item.field ? h('code', { class: 'field-name' }, item.field) : null) },
    { title: 'What is wrong', kind: 'prose', cell: item => h('span', {}, h('strong', {}, item.code), ' ', sentence(item.message), item.host ? h('span', { class: 'muted' }, ' Host ', hostLink(item.host)) : null) },
    { title: 'Cure', kind: 'prose', cell: item => item.cure ? sentence(item.cure) : h('span', { class: 'muted' }, 'as the sentence says') },
  ],
  keyOf: item => [item.code, item.object?.kind, item.object?.namespace, item.object?.name, item.field, item.message].join('\t'),
  nothing: {
    title: 'No problem',
    text: ['Nothing is wrong with any object that the controller reads. What it cannot serve as it is asked for appears here, with the cure.'],
  },
});

const object = ({ object: at, file }) => at ? `${at.kind} ${at.namespace ? `${at.namespace}/` : ''}${at.name}` : file ?? 'a file';
