// What pages do with scripts beyond htmx. Everything here improves something that works without it.
(() => {
  'use strict';
  const root = document.documentElement;
  const self = document.currentScript.dataset;

  // ---- Moments: "3 minutes ago", kept right while the page stays open. Beyond a month the date says more.
  const units = [['day', 86400], ['hour', 3600], ['minute', 60]];
  const relative = new Intl.RelativeTimeFormat(root.lang || 'en', { numeric: 'auto' });
  function tellTime(element) {
    const seconds = (Date.parse(element.dateTime) - Date.now()) / 1000;
    if (!(Math.abs(seconds) < 30 * 86400)) return;
    const [unit, size] = units.find(([, s]) => Math.abs(seconds) >= s) ?? ['minute', 60];
    element.textContent = relative.format(Math.trunc(seconds / size), unit);
  }
  const tellTimes = () => document.querySelectorAll('time[data-relative]').forEach(tellTime);
  setInterval(tellTimes, 60000);
  // "3 minutes ago" means nothing on paper.
  addEventListener('beforeprint', () => document.querySelectorAll('time[data-relative]').forEach(t => { t.textContent = t.title; }));
  addEventListener('afterprint', tellTimes);

  // ---- Menus close when a person turns elsewhere.
  addEventListener('click', event => {
    for (const menu of document.querySelectorAll('details.menu[open]'))
      if (!menu.contains(event.target)) menu.open = false;
  });
  addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      menu.open = false;
      menu.querySelector('summary').focus();
    }
  });

  // ---- Questions before a post open as modal dialogs.
  function askModally(details) {
    const dialog = details.querySelector('dialog');
    const close = dialog.querySelector('[data-close]');
    close.hidden = false;
    close.addEventListener('click', () => dialog.close());
    details.querySelector('summary').addEventListener('click', event => {
      event.preventDefault();
      details.open = true;
      dialog.showModal();
      // What opens with the click cannot take the focus of itself yet. A held-down Enter must not confirm, so the way back has it.
      (dialog.querySelector('input:not([type=hidden]), select, textarea') ?? close).focus();
    });
    dialog.addEventListener('close', () => {
      details.open = false;
      details.querySelector('summary').focus();
    });
  }

  // ---- Passwords can be shown while they are typed.
  function offerReveal(button) {
    const input = document.getElementById(button.dataset.reveal);
    button.hidden = false;
    button.addEventListener('click', () => {
      const shown = input.type === 'text';
      input.type = shown ? 'password' : 'text';
      button.setAttribute('aria-pressed', String(!shown));
    });
    // Sent as a password, so that browsers offer to keep it.
    input.form?.addEventListener('submit', () => { input.type = 'password'; });
  }

  // ---- Copy
  function offerCopy(button) {
    const label = button.querySelector('span');
    const text = label.textContent;
    button.hidden = false;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      label.textContent = button.dataset.copied;
      setTimeout(() => { label.textContent = text; }, 2000);
    });
  }

  // ---- A text with line numbers grows with its text; a link to a line puts the cursor there.
  function growWithText(area) {
    const least = area.rows;
    const fit = () => { area.rows = Math.max(least, area.value.split('\n').length + 1); };
    area.addEventListener('input', fit);
  }
  function goToLine(link) {
    const [id, line] = link.dataset.line.split(':');
    link.addEventListener('click', () => {
      const area = document.getElementById(id);
      const lines = area.value.split('\n');
      const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
      area.focus({ preventScroll: true });
      area.setSelectionRange(start, start + (lines[line - 1] ?? '').length);
    });
  }

  // ---- A frame that shows what a form makes: posted there again whenever the frame comes new into the page.
  function postIntoFrame(frame) {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = frame.dataset.address;
    form.target = frame.name;
    form.hidden = true;
    for (const [name, value] of new FormData(document.getElementById(frame.dataset.posts))) {
      const field = document.createElement('input');
      field.type = 'hidden';
      field.name = name;
      field.value = value;
      form.append(field);
    }
    document.body.append(form);
    form.submit();
    form.remove();
  }

  // ---- A table wider than its place is moved by the keyboard too: it takes the focus, under the table's name.
  function offerScrolling(frame) {
    const wide = frame.scrollWidth > frame.clientWidth && getComputedStyle(frame).overflowX !== 'visible';
    if (!wide) return ['tabindex', 'role', 'aria-label'].forEach(name => frame.removeAttribute(name));
    frame.tabIndex = 0;
    frame.setAttribute('role', 'region');
    frame.setAttribute('aria-label', frame.querySelector('caption').textContent);
  }
  const widths = new ResizeObserver(entries => entries.forEach(entry => offerScrolling(entry.target)));

  // ---- Charts: the libraries come only with a page that has one.
  const scripts = new Map();
  function load(address) {
    if (!scripts.has(address)) {
      scripts.set(address, new Promise((resolve, reject) => {
        const script = document.createElement('script');
        script.src = address;
        script.onload = resolve;
        script.onerror = reject;
        document.head.append(script);
      }));
    }
    return scripts.get(address);
  }
  async function drawCharts(figures) {
    await Promise.all([load(self.echarts), load(self.charts)]);
    if (figures.some(f => f.dataset.chart === 'map')) await load(self.topojson);
    for (const figure of figures) window.custodiaCharts.draw(figure, self.world);
  }

  function enhance(part) {
    part.querySelectorAll('time[data-relative]').forEach(tellTime);
    part.querySelectorAll('details[data-confirm]').forEach(askModally);
    part.querySelectorAll('button[data-copy]').forEach(offerCopy);
    part.querySelectorAll('button[data-reveal]').forEach(offerReveal);
    part.querySelectorAll('textarea[data-grow]').forEach(growWithText);
    part.querySelectorAll('a[data-line]').forEach(goToLine);
    part.querySelectorAll('iframe[data-posts]').forEach(postIntoFrame);
    part.querySelectorAll('.table-scroll').forEach(frame => widths.observe(frame));
    const figures = [...part.querySelectorAll('figure[data-chart]')];
    if (figures.length > 0) drawCharts(figures);
    part.querySelector('[data-focus]')?.focus();
  }
  enhance(document);

  // A notice from ?note= belongs to one visit: reloading or sharing the address does not repeat it.
  if (document.querySelector('[data-flash]')) {
    const here = new URL(location.href);
    here.searchParams.delete('note');
    history.replaceState(history.state, '', here);
  }

  // ---- htmx
  document.addEventListener('htmx:after:swap', event => {
    const target = event.detail.ctx?.target;
    const part = target?.id ? document.getElementById(target.id) : null;
    enhance(part ?? document);
    // What had the focus went with the part that it was in: reading goes on there, not at the top of the page.
    if (part && part === focusedPart() && document.activeElement === document.body) {
      part.tabIndex = -1;
      part.focus({ preventScroll: true });
    }
  });
  let focusedId = null;
  const focusedPart = () => focusedId && document.getElementById(focusedId);
  // ---- Of many views the current one is in sight, also where only some fit beside each other.
  for (const current of document.querySelectorAll(':is(.tabs, .portal-nav) [aria-current]')) {
    const list = current.closest('ul');
    const [inner, outer] = [current.getBoundingClientRect(), list.getBoundingClientRect()];
    if (inner.left < outer.left || inner.right > outer.right) list.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  }

  // Empty filters do not lengthen addresses.
  document.addEventListener('htmx:config:request', event => {
    const { request, sourceElement } = event.detail.ctx;
    if (request.method !== 'GET' || !sourceElement.matches('form')) return;
    for (const [name, value] of [...request.body]) if (value === '') request.body.delete(name);
  });
  // A part of a page is only taken from an answer that has it; a form with errors (422) is one.
  document.addEventListener('htmx:before:swap', event => {
    const { response, request, target } = event.detail.ctx;
    focusedId = target?.contains?.(document.activeElement) ? target.id : null;
    // Sent elsewhere, for example to sign in again: that is for the whole page.
    if (response?.raw?.redirected && request.method === 'GET') {
      event.preventDefault();
      location.assign(request.action);
      return;
    }
    if (!response || response.status < 400 || response.status === 422) return;
    event.preventDefault();
    failed();
  });
  document.addEventListener('htmx:error', failed);
  function failed() {
    document.querySelector('.toast')?.remove();
    const toast = document.createElement('div');
    toast.className = 'toast notice tone-danger';
    toast.setAttribute('role', 'alert');
    toast.textContent = self.failed;
    document.body.append(toast);
    setTimeout(() => toast.remove(), 8000);
  }
})();
