// What an accessibility checker would say of the page as it stands: a list of sentences, empty for a good page.
() => {
  const found = [];
  const complain = (what, element) => found.push(`${what}: ${element.outerHTML.slice(0, 160)}`);
  const isShown = element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.getClientRects().length > 0;
  const all = selector => [...document.querySelectorAll(selector)].filter(isShown);
  const isClipped = element => element.closest('.hidden') !== null || getComputedStyle(element).clipPath !== 'none' || element.closest('thead')?.clientWidth === 1;

  names();
  headings();
  landmarks();
  tables();
  contrast();
  return found;

  function names() {
    for (const control of all('a[href], button, input, select, textarea, [tabindex="0"], svg[role=img], dialog, summary')) {
      const of = id => document.getElementById(id)?.textContent ?? '';
      const name = control.getAttribute('aria-label')
        || (control.getAttribute('aria-labelledby') ?? '').split(' ').map(of).join('')
        || [...control.labels ?? []].map(label => label.textContent).join('')
        || (control.matches('input, select, textarea') ? '' : control.textContent)
        || control.title;
      if (!name || name.trim() === '') {
        complain('no name', control);
      }
    }

    for (const image of all('img:not([alt])')) {
      complain('no alt', image);
    }

    const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
    for (const id of ids.filter((id, index) => ids.indexOf(id) !== index)) {
      found.push(`two elements have the id ${id}`);
    }

    for (const reference of document.querySelectorAll('[for], [aria-labelledby], [aria-describedby], [aria-controls]')) {
      for (const name of ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls'].filter(name => reference.hasAttribute(name))) {
        if (document.getElementById(reference.getAttribute(name)) === null) {
          complain(`${name} names nothing`, reference);
        }
      }
    }
  }

  function headings() {
    const levels = all('h1, h2, h3, h4').filter(heading => heading.closest('dialog') === null).map(heading => Number(heading.tagName[1]));
    if (levels.filter(level => level === 1).length !== 1 || levels[0] !== 1) {
      found.push(`the headings begin wrong or have several first ones: ${levels}`);
    }

    if (levels.some((level, index) => index > 0 && level > levels[index - 1] + 1)) {
      found.push(`a level of headings is left out: ${levels}`);
    }
  }

  function landmarks() {
    for (const one of ['main', 'header', 'nav']) {
      if (document.querySelectorAll(one).length === 0) {
        found.push(`no ${one}`);
      }
    }

    for (const nav of all('nav:not([aria-label])')) {
      complain('no name', nav);
    }

    if (document.documentElement.lang === '' || document.title === '') {
      found.push('no language or no title');
    }
  }

  function tables() {
    for (const table of all('table')) {
      if (!table.getAttribute('aria-label')) {
        complain('no name', table);
      }

      for (const cell of table.querySelectorAll('th:not([scope])')) {
        complain('no scope', cell);
      }
    }
  }

  // Contrast, WCAG 2.2 sections 1.4.3 and 1.4.11, from the colours that are really used.
  function contrast() {
    for (const element of document.querySelectorAll('body *')) {
      const hasText = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '');
      if (!isShown(element) || isClipped(element) || element.matches(':disabled') || (!hasText && !element.matches('input, select, textarea'))) {
        continue;
      }

      const style = getComputedStyle(element);
      const ground = groundOf(element);
      const size = Number.parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const text = over(rgba(element instanceof SVGElement ? style.fill : style.color), ground);
      expect(element, 'text', text, ground, isLarge ? 3 : 4.5);
      if (element.matches('input, select, textarea')) {
        expect(element, 'border', over(rgba(style.borderTopColor), ground), groundOf(element.parentElement), 3);
      }

      if (element.matches('input, textarea') && element.placeholder) {
        expect(element, 'placeholder', over(rgba(getComputedStyle(element, '::placeholder').color), ground), ground, 4.5);
      }
    }
  }

  function expect(element, what, colour, ground, least) {
    const ratio = ratioOf(colour, ground);
    if (ratio < least) {
      complain(`${what} ${colour.map(Math.round)} on ${ground.map(Math.round)} has contrast ${ratio.toFixed(2)}, not ${least}`, element);
    }
  }

  function groundOf(element) {
    const layers = [];
    for (let at = element; at !== null; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      layers.push(colour);
      if (colour[3] === 1) {
        break;
      }
    }

    return layers.reduceRight((below, colour) => over(colour, below), [255, 255, 255]);
  }

  function over([red, green, blue, alpha], below) {
    return [red, green, blue].map((part, index) => part * alpha + below[index] * (1 - alpha));
  }

  function rgba(colour) {
    const context = (window.inspected ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true }));
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  }

  function ratioOf(one, other) {
    const [light, dark] = [one, other].map(luminance).sort((left, right) => right - left);
    return (light + 0.05) / (dark + 0.05);
  }

  function luminance(colour) {
    const [red, green, blue] = colour.map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
}
