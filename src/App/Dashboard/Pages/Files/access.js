// The token of --admin-token-file: asked for when the program wants one, kept until the tab is closed, sent with every request.

import { h } from './dom.js';
import { sentence as said } from './parts/badges.js';

const Key = 'admin-token';
let kept = null; // where storage is forbidden
let asking = null;

export function token() {
  try {
    return sessionStorage.getItem(Key);
  } catch {
    return kept;
  }
}

function keep(value) {
  kept = value;
  try {
    sessionStorage.setItem(Key, value);
  } catch {
    // this page remembers it until it is left
  }
}

/** Shows the program's sentence and waits for a token; whoever asks meanwhile waits for the same one. */
export function ask(sentence) {
  asking ??= new Promise(resolve => {
    const input = h('input', { type: 'password', id: 'token', name: 'token', autocomplete: 'current-password', spellcheck: 'false', autocapitalize: 'off', 'aria-describedby': 'token-why' });
    const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'token-title', cancel: event => event.preventDefault() },
      h('form', {
        method: 'dialog',
        submit: event => {
          event.preventDefault();
          keep(input.value.trim());
          dialog.close();
          dialog.remove();
          asking = null;
          resolve();
        },
      },
      h('h2', { id: 'token-title' }, 'This address needs a token'),
      h('p', { id: 'token-why' }, token() ? 'The token was not taken. ' : null, said(sentence)),
      h('label', { for: 'token' }, 'Token'),
      input,
      h('p', { class: 'hint' }, 'It is kept until this tab is closed, and sent to this address only. Over ', h('code', {}, 'kubectl port-forward'), ' none is needed.'),
      h('div', { class: 'actions' }, h('button', { type: 'submit', class: 'primary' }, 'Continue'))));
    document.body.append(dialog);
    dialog.showModal();
    input.focus();
  });
  return asking;
}
