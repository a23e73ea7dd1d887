// The row of filters above a list. What they say stands in the address, so that a link and the Back button lead to the same list.

import { h } from '../dom.js';

const Pause = 200; // ms without a key before it is searched

/**
 * @param filters [{ name, label, kind: 'search' | 'text' | 'select', options: [[value, text]], more: promises further options, of which a text may be another, hint }]; names are those of the API
 * @param changed called when they say something else
 */
export function form(place, filters, changed) {
  const lists = new Map(); // of choices, by the name of the text that they are for
  let waiting = null;
  const controls = filters.map(filter => [filter.name, control(filter)]);
  const element = h('form', { class: 'filters', role: 'search', submit: event => { event.preventDefault(); changed(); } },
    controls.map(([name, input], index) => h('div', { class: `field ${filters[index].kind}` }, h('label', { for: `filter-${name}` }, filters[index].label), input, lists.get(name))));

  function control(filter) {
    const given = place.query.get(filter.name) ?? '';
    const id = `filter-${filter.name}`;
    if (filter.kind === 'select') {
      const known = filter.options.some(([value]) => value === given) ? filter.options : [...filter.options, [given, given]];
      const option = ([value, text]) => h('option', { value }, text);
      const select = h('select', { id, name: filter.name, change: changed }, known.map(option));
      select.value = given;
      filter.more?.().then(more => select.append(...more.filter(([value]) => known.every(([other]) => other !== value)).map(option)));
      return select;
    }

    const choices = filter.more ? h('datalist', { id: `${id}-choices` }) : null;
    lists.set(filter.name, choices);
    const input = h('input', {
      id,
      list: choices?.id,
      name: filter.name,
      type: filter.kind === 'search' ? 'search' : 'text',
      'data-search': filter.kind === 'search',
      autocomplete: 'off',
      autocapitalize: 'off',
      spellcheck: 'false',
      placeholder: filter.hint,
      input: () => {
        clearTimeout(waiting);
        waiting = setTimeout(changed, Pause);
      },
    });
    input.value = given;
    filter.more?.().then(more => choices.append(...more.map(([value]) => h('option', { value }))));
    return input;
  }

  return {
    element,
    values: () => Object.fromEntries(controls.map(([name, input]) => [name, input.value.trim()])),
    isEmpty: () => controls.every(([, input]) => input.value.trim() === ''),
    clear() {
      controls.forEach(([, input]) => input.value = '');
      controls[0][1].focus();
    },
  };
}
