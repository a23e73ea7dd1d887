// What the keyboard does besides Tab and Enter.

import { h } from './dom.js';

const Patience = 1500; // ms between g and the letter of a page

export function keys(pages, menu, unfold) {
  let goes = 0;
  menu.addEventListener('click', () => unfold(menu.getAttribute('aria-expanded') !== 'true'));
  document.getElementById('shortcuts').addEventListener('click', () => help(pages));
  addEventListener('keydown', event => {
    const isTyping = event.target.closest?.('input, textarea, select, dialog') !== null;
    if (event.key === 'Escape') {
      unfold(false);
      if (event.target.matches?.('input, textarea')) {
        event.target.blur();
      }
    }

    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }

    const page = performance.now() - goes < Patience ? pages.find(candidate => candidate.key === event.key) : undefined;
    goes = event.key === 'g' ? performance.now() : 0;
    if (page !== undefined) {
      event.preventDefault();
      location.hash = `#/${page.path}`;
    } else if (event.key === '/') {
      event.preventDefault();
      search();
    } else if (event.key === '?') {
      event.preventDefault();
      help(pages);
    }
  });
}

/** The search of this page, or that of the hosts where it has none. */
function search() {
  const here = document.querySelector('[data-search]');
  if (here) {
    here.focus();
    here.select();
    return;
  }

  location.hash = '#/hosts';
  addEventListener('hashchange', () => document.querySelector('[data-search]')?.focus(), { once: true });
}

function help(pages) {
  const close = () => {
    dialog.close();
    dialog.remove();
  };
  const line = (pressed, what) => h('div', {}, h('dt', {}, pressed.map(key => h('kbd', {}, key))), h('dd', {}, what));
  const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'keys-title', cancel: close },
    h('h2', { id: 'keys-title' }, 'Keyboard'),
    h('dl', { class: 'keys' },
      line(['/'], 'Search'),
      pages.map(page => line(['g', page.key], page.title)),
      line(['←', '→'], 'Read a chart, moment by moment'),
      line(['Esc'], 'Leave a field, close this'),
      line(['?'], 'These keys')),
    h('div', { class: 'actions' }, h('button', { type: 'button', class: 'primary', click: close }, 'Close')));
  document.body.append(dialog);
  dialog.showModal();
}
