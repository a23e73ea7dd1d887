// A chart of the last five minutes: lines over time, drawn as SVG at the size that it has.

import { h, say, svg } from '../dom.js';
import { clock } from '../format.js';

const Height = 148;
const Margin = { top: 10, right: 2, bottom: 20, left: 54 };
const Window = 300_000; // ms

/**
 * @param title what is drawn
 * @param lines [{ name, key: a field of a point, tone: a class of style/overview.css, area }]
 * @param format a value as text
 * @param least the axis never ends below this
 * @returns { element, draw(points) }
 */
export function chart({ title, lines, format, least }) {
  const drawing = svg('svg', { class: 'chart', height: Height, role: 'img', tabindex: 0 });
  const tip = h('div', { class: 'tip', hidden: true, 'aria-live': 'polite' });
  const figures = lines.map(line => h('dd', {}, '–'));
  const element = h('section', { class: 'card chart-card', 'aria-label': title },
    h('div', { class: 'card-head column' }, h('h2', {}, title),
      h('dl', { class: 'figures' }, lines.map((line, index) => h('div', {}, h('dt', {}, h('i', { class: `swatch ${line.tone}` }), line.name), figures[index])))),
    h('div', { class: 'plot' }, drawing, tip));
  let points = [];
  let chosen = null; // the index of a point that is looked at

  function draw() {
    const width = drawing.clientWidth;
    if (width === 0) {
      return;
    }

    const end = points.length > 0 ? Date.parse(points.at(-1).time) : 0;
    const top = ceiling(Math.max(least, ...points.flatMap(point => lines.map(line => point[line.key] ?? 0))));
    const x = point => Margin.left + (width - Margin.left - Margin.right) * (1 - (end - Date.parse(point.time)) / Window);
    const y = value => Margin.top + (Height - Margin.top - Margin.bottom) * (1 - value / top);
    drawing.setAttribute('viewBox', `0 0 ${width} ${Height}`);
    drawing.replaceChildren(...grid(width, top, y), ...lines.flatMap(line => curve(line, x, y)), ...cross(x, y));
    drawing.setAttribute('aria-label', summary());
  }

  function* grid(width, top, y) {
    for (const part of [0, 0.5, 1]) {
      const at = Math.round(y(top * part)) + 0.5;
      yield svg('line', { class: part === 0 ? 'base' : 'grid', x1: Margin.left, x2: width - Margin.right, y1: at, y2: at });
      yield svg('text', { x: Margin.left - 8, y: at + 3.5, 'text-anchor': 'end' }, format(top * part));
    }

    for (const [minutes, anchor] of [[5, 'start'], [2.5, 'middle'], [0, 'end']]) {
      const at = Margin.left + (width - Margin.left - Margin.right) * (1 - minutes / 5);
      yield svg('text', { x: at, y: Height - 4, 'text-anchor': anchor }, minutes === 0 ? 'now' : `−${minutes} min`);
    }
  }

  function curve(line, x, y) {
    const runs = [[]]; // a point without a value is a gap
    for (const point of points) {
      if (point[line.key] === null || point[line.key] === undefined) {
        runs.push([]);
      } else if (x(point) >= Margin.left - 1) {
        runs.at(-1).push(`${x(point).toFixed(1)} ${y(point[line.key]).toFixed(1)}`);
      }
    }

    return runs.filter(run => run.length > 0).flatMap(run => [
      line.area && run.length > 1 ? svg('path', { class: `area ${line.tone}`, d: `M${run[0].split(' ')[0]} ${y(0)}L${run.join('L')}L${run.at(-1).split(' ')[0]} ${y(0)}Z` }) : null,
      run.length > 1 ? svg('path', { class: `line ${line.tone}`, d: `M${run.join('L')}` }) : svg('circle', { class: `dot ${line.tone}`, cx: run[0].split(' ')[0], cy: run[0].split(' ')[1], r: 1.5 }),
    ]).filter(Boolean);
  }

  function* cross(x, y) {
    const point = points[chosen];
    if (point === undefined) {
      tip.hidden = true;
      return;
    }

    yield svg('line', { class: 'cross', x1: x(point), x2: x(point), y1: Margin.top, y2: Height - Margin.bottom });
    for (const line of lines.filter(line => typeof point[line.key] === 'number')) {
      yield svg('circle', { class: `dot ${line.tone}`, cx: x(point), cy: y(point[line.key]), r: 3 });
    }

    tip.hidden = false;
    say(tip, `${clock(point.time)}  ${lines.map(line => `${line.name} ${format(point[line.key])}`).join(', ')}`);
    const room = drawing.clientWidth - tip.offsetWidth;
    tip.style.left = `${Math.max(0, Math.min(room, x(point) - tip.offsetWidth / 2))}px`;
  }

  function summary() {
    if (points.length === 0) {
      return `${title}: nothing is known yet`;
    }

    const parts = lines.map(line => `${line.name} now ${format(points.at(-1)[line.key])}, at most ${format(Math.max(...points.map(point => point[line.key] ?? 0)))}`);
    return `${title} over the last five minutes: ${parts.join('; ')}. Left and right arrow keys read single moments.`;
  }

  function choose(index) {
    chosen = index;
    draw();
  }

  drawing.addEventListener('pointermove', event => {
    const width = drawing.clientWidth - Margin.left - Margin.right;
    const end = points.length > 0 ? Date.parse(points.at(-1).time) : 0;
    const time = end - Window * (1 - (event.offsetX - Margin.left) / width);
    const distances = points.map(point => Math.abs(Date.parse(point.time) - time));
    choose(points.length > 0 ? distances.indexOf(Math.min(...distances)) : null);
  });
  drawing.addEventListener('pointerleave', () => choose(null));
  drawing.addEventListener('blur', () => choose(null));
  drawing.addEventListener('keydown', event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step !== undefined && points.length > 0) {
      event.preventDefault();
      choose(Math.max(0, Math.min(points.length - 1, (chosen ?? points.length) + step)));
    }
  });
  const resizing = new ResizeObserver(draw);
  resizing.observe(drawing);

  return {
    element,
    draw(news) {
      if (chosen !== null && news.length === points.length && news !== points) {
        chosen = Math.max(0, chosen - 1); // the window moves on under what is looked at
      }

      points = news;
      lines.forEach((line, index) => say(figures[index], points.length > 0 ? format(points.at(-1)[line.key]) : '–'));
      draw();
    },
  };
}

/** The next number that an axis can end at: a small number times a power of ten. */
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 3, 4, 6, 8, 10].map(step => step * power).find(step => step >= value * 0.9999);
}
