// What there is to choose from in filters: nobody has to know it by heart.

import { get } from '../api.js';

const Looked = 1000; // problems

/** Each promises options as parts/filters.js takes them: codes of the problems that stand, namespaces and classes. */
export const codes = () => ask('problems', { limit: Looked }, ({ items }) => [...new Set(items.map(item => item.code))].sort());

export const namespaces = () => ask('choices', {}, answer => answer.namespaces);

export const classes = () => ask('choices', {}, answer => answer.classes);

async function ask(path, query, read) {
  try {
    return read(await get(path, query)).map(text => [text, text]);
  } catch {
    return []; // without them one still can type
  }
}
