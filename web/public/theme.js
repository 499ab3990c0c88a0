// Before the first paint, and a file of its own, because the content security policy allows no inline script.
(function () {
  var device = matchMedia('(prefers-color-scheme: dark)');
  function show() {
    var chosen = null;
    try {
      chosen = localStorage.getItem('saga.theme');
    } catch (unavailable) {
      chosen = null; // storage is switched off: the device decides
    }
    var dark = chosen === 'dark' || (chosen !== 'light' && device.matches);
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  }
  show();
  // A device that turns dark in the evening is followed without a reload.
  device.addEventListener('change', show);
})();
