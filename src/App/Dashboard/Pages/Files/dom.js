// Elements are made here and nowhere else. What the program answers only ever goes in as text: no markup is parsed anywhere (the
// content security policy refuses it, too: require-trusted-types-for 'script').

const Svg = 'http://www.w3.org/2000/svg';

/** An element. Attributes that are functions listen to the event of that name; null, undefined and false are left out. Children are nodes or text. */
export const h = (tag, attributes, ...children) => furnish(document.createElement(tag), attributes, children);

/** As h, for drawings. */
export const svg = (tag, attributes, ...children) => furnish(document.createElementNS(Svg, tag), attributes, children);

function furnish(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === 'function') {
      element.addEventListener(name, value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }

  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) {
      append(element, child);
    } else if (child !== null && child !== undefined && child !== false) {
      element.append(child);
    }
  }
}

/** Changes the text only if it is another one, so that a selection in it stays. */
export function say(element, text) {
  const wanted = String(text ?? '');
  if (element.textContent !== wanted) {
    element.textContent = wanted;
  }
}

/** Puts the new content in place only if it looks otherwise, so that focus and selection stay. */
export function fill(element, ...content) {
  const wanted = element.cloneNode(false);
  append(wanted, content);
  if (!element.isEqualNode(wanted)) {
    element.replaceChildren(...wanted.childNodes);
  }
}

/**
 * Makes the children of an element those of the items, in their order; what is there already is kept and updated.
 * @param keyOf a text that names the item
 * @param create makes { element, update(item) } for a new one
 */
export function reconcile(parent, items, keyOf, create) {
  const known = parent.rowsByKey ??= new Map();
  const wanted = new Map();
  for (const item of items) {
    let key = keyOf(item);
    while (wanted.has(key)) {
      key += '\n'; // two of one name are two rows
    }

    const row = known.get(key) ?? create(item);
    row.update?.(item);
    wanted.set(key, row);
  }

  for (const [key, row] of known) {
    if (!wanted.has(key)) {
      row.element.remove();
    }
  }

  let place = parent.firstChild;
  for (const { element } of wanted.values()) {
    if (element === place) {
      place = place.nextSibling;
    } else {
      parent.insertBefore(element, place);
    }
  }

  parent.rowsByKey = wanted;
}
