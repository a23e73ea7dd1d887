// A searchable list of anything: the program searches and pages, so that ten thousand rows cost what fifty do.

import { get, Refused } from '../api.js';
import { fill, h, reconcile, say } from '../dom.js';
import { count } from '../format.js';
import { form } from './filters.js';

const PageSize = 50;
const Refresh = 5000; // ms, for rates

/**
 * @param place the router's (its query is the state of the filters)
 * @param path below /api/
 * @param filters as parts/filters.js takes them
 * @param columns [{ title, cell(item) -> text or node, kind: 'number' | 'wide' | undefined }]
 * @param keyOf names an item
 * @param detail optional: item -> node under the row, which nameOf names
 * @param nothing what to say of an empty list: { title, text: nodes }
 * @param noun [one, many]
 */
export function list({ place, path, filters, columns, keyOf, nameOf, detail, nothing, noun }) {
  const table = h('table', { class: 'list', 'aria-label': noun[1] },
    h('thead', {}, h('tr', {},
      detail ? h('th', { scope: 'col', class: 'toggle' }, h('span', { class: 'hidden' }, 'Details')) : null,
      columns.map(column => h('th', { scope: 'col', class: column.kind }, column.title)))));
  const message = h('div', { class: 'nothing', hidden: true });
  const total = h('p', { class: 'total', role: 'status' });
  const previous = h('button', { type: 'button', click: () => turn(-PageSize) }, 'Previous');
  const next = h('button', { type: 'button', click: () => turn(PageSize) }, 'Next');
  const controls = form(place, filters, () => change({ offset: null }));
  const element = h('div', { class: 'list-page' }, controls.element, h('div', { class: 'sheet', 'aria-busy': 'true' }, table, message),
    h('nav', { class: 'pager', 'aria-label': 'Parts of the list' }, total, h('span', { class: 'buttons' }, previous, next)));
  const sheet = element.querySelector('.sheet');
  let asking = null;
  let timer = null;

  const offset = () => Math.max(0, Number.parseInt(place.query.get('offset') ?? '0', 10) || 0);

  function change(news) {
    place.set({ ...controls.values(), ...news });
    load();
  }

  function turn(by) {
    change({ offset: Math.max(0, offset() + by) || null });
    element.scrollIntoView({ block: 'start' });
  }

  async function load() {
    asking?.abort();
    clearTimeout(timer);
    const mine = asking = new AbortController();
    sheet.setAttribute('aria-busy', 'true');
    try {
      const answer = await get(path, { ...controls.values(), offset: offset(), limit: PageSize }, mine.signal);
      if (answer.items.length === 0 && answer.total > 0) {
        change({ offset: null }); // the list has become shorter than where we stand
        return;
      }

      show(answer);
    } catch (failure) {
      if (mine.signal.aborted) {
        return;
      }

      fail(failure);
    }

    sheet.setAttribute('aria-busy', 'false');
    timer = setTimeout(() => document.hidden ? (timer = null) : load(), Refresh);
  }

  function show({ total: all, items }) {
    reconcile(table, items, keyOf, row);
    table.hidden = all === 0;
    message.hidden = all > 0;
    if (all === 0) {
      fill(message, ...(controls.isEmpty() ? [h('h2', {}, nothing.title), h('p', {}, nothing.text)] : [
        h('h2', {}, `No ${noun[0]} matches`),
        h('p', {}, 'Another spelling, or fewer filters, may find it.'),
      ]));
      if (!controls.isEmpty()) {
        message.append(h('button', { type: 'button', click: () => { controls.clear(); change({ offset: null }); } }, 'Clear the filters'));
      }
    }

    say(total, all === 0 ? `No ${noun[1]}` : `${count(offset() + 1)}–${count(offset() + items.length)} of ${count(all)} ${all === 1 ? noun[0] : noun[1]}`);
    previous.disabled = offset() === 0;
    next.disabled = offset() + items.length >= all;
  }

  function fail(failure) {
    if (!(failure instanceof Refused) && table.rowsByKey?.size > 0) {
      return; // what is there stays: the frame says that we are disconnected
    }

    table.hidden = true;
    message.hidden = false;
    fill(message, h('h2', {}, 'The list could not be read'), h('p', {}, failure.message, '. It is tried again every few seconds.'));
  }

  function row() {
    const cells = columns.map(column => h('td', { class: column.kind, 'data-title': column.title }));
    const button = h('button', { type: 'button', class: 'quiet twist', 'aria-expanded': 'false', 'aria-label': 'Details', click: () => open(!isOpen()) });
    const below = h('tr', { class: 'below', hidden: true }, h('td', { colspan: columns.length + 1 }));
    const body = h('tbody', {}, h('tr', {}, detail ? h('td', { class: 'toggle' }, button) : null, cells), detail ? below : null);
    let item;
    const isOpen = () => !below.hidden;

    function open(wanted) {
      below.hidden = !wanted;
      button.setAttribute('aria-expanded', String(wanted));
      if (wanted) {
        fill(below.firstChild, detail(item));
      }
    }

    return {
      element: body,
      update(news) {
        item = news;
        columns.forEach((column, index) => fill(cells[index], column.cell(item)));
        if (detail) {
          button.setAttribute('aria-label', `Details of ${nameOf(item)}`);
        }

        if (isOpen()) {
          fill(below.firstChild, detail(item));
        }
      },
    };
  }

  load();
  return {
    element,
    changed: load,
    close() {
      asking?.abort();
      clearTimeout(timer);
    },
  };
}
