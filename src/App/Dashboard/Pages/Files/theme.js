// Runs before the first paint, so that a chosen theme does not flash. The only script that is no module.
'use strict';
(() => {
  const chosen = () => {
    try {
      return localStorage.getItem('theme') ?? 'system';
    } catch {
      return 'system'; // storage is forbidden here
    }
  };
  const show = theme => document.documentElement.dataset.theme = theme;
  show(chosen());
  addEventListener('DOMContentLoaded', () => {
    const select = document.getElementById('theme');
    select.value = chosen();
    select.addEventListener('change', () => {
      show(select.value);
      try {
        localStorage.setItem('theme', select.value);
      } catch {
        // then it holds for this page only
      }
    });
  });
})();
