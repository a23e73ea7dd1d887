// The codes of the problems that stand, for filters: nobody has to know them by heart.

import { get } from '../api.js';

const Looked = 1000; // problems

/** @returns options as parts/filters.js takes them */
export async function codes() {
  try {
    const { items } = await get('problems', { limit: Looked });
    return [...new Set(items.map(item => item.code))].sort().map(code => [code, code]);
  } catch {
    return [];
  }
}
