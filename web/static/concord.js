// The pages work without this script. It makes the same forms faster: keys in
// the workbench, the next item while the last is being saved, guards before
// sending. It keeps nothing in the browser and asks no other host.
'use strict';
(() => {
  const root = document.documentElement;
  root.classList.add('js');
  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const on = (type, f, early) => document.addEventListener(type, f, early);
  const policy = window.trustedTypes?.createPolicy('concord', { createHTML: (html) => html });
  const parse = (html) => new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, 'text/html');

  // Two minutes before the session ends it is said, with a way to stay.
  const ending = $('#ending'), last = Date.now() + (ending?.dataset.last ?? 0) * 1000;
  const tell = (when) => { all('[data-when]', ending).forEach((x) => { x.hidden = x.dataset.when !== when; }); ending.hidden = false; };
  let bell = 0;
  function alive(left = ending?.dataset.left) {
    if (!ending) return;
    const end = Math.min(Date.now() + left * 1000, last);
    ending.hidden = true;
    clearTimeout(bell);
    bell = setTimeout(() => { tell(end === last ? 'last' : 'soon'); bell = setTimeout(tell, 12e4, 'over'); }, end - Date.now() - 12e4);
  }
  alive();
  ending?.addEventListener('submit', async (e) => {
    e.preventDefault();
    try {
      const answer = await fetch('/stay', { method: 'POST', body: new URLSearchParams(new FormData(e.target)), headers: { Accept: 'application/json' } });
      if (answer.ok) alive((await answer.json()).in); else tell('over');
    } catch { /* asked again by hand */ }
  });

  // Menus close when one leaves them.
  on('click', (e) => all('details.menu[open]').forEach((d) => d.contains(e.target) || (d.open = false)));

  const bench = () => $('#bench');
  const form = () => $('#decide');
  const word = (name) => $('#words')?.dataset[name] ?? '';
  const picked = (name) => $(`input[name=${name}]:checked`, form())?.value ?? '';
  const pick = (name, value) => {
    const input = $(`input[name=${name}][value="${value}"]`, form());
    if (input) { input.checked = true; input.dispatchEvent(new Event('change', { bubbles: true })); }
    return input;
  };
  const camel = (s) => s.replace(/-(\w)/g, (_, c) => c.toUpperCase());

  // ---- what follows from what (the server has the same table) ----
  const follows = {
    identical: ['yes', 'yes'], equivalent: ['yes', 'yes'], superset: ['yes', 'no'], subset: ['no', 'yes'],
    overlap: ['conditions', 'conditions'], none: ['no', 'no'],
  };
  const relationOf = (a, b) => {
    if (!a || !b) return '';
    if (a === 'yes' && b === 'yes') return picked('verdict') === 'identical' ? 'identical' : 'equivalent';
    if (a === 'yes') return 'superset';
    if (b === 'yes') return 'subset';
    if (a === 'conditions' || b === 'conditions') return 'overlap';
    return ['none', 'overlap'].includes(picked('verdict')) ? picked('verdict') : '';
  };
  let derived = false; // the relation follows from the answers, it was not pressed
  let filled = false; // the answers follow from the relation
  function onAnswer(name) {
    const f = form();
    if (name === 'verdict') {
      derived = false;
      const pair = follows[picked('verdict')];
      if (pair && (filled || (!picked('a_to_b') && !picked('b_to_a')))) {
        filled = true;
        ['a_to_b', 'b_to_a'].forEach((n, i) => { const x = $(`input[name=${n}][value=${pair[i]}]`, f); if (x) x.checked = true; });
      }
    } else if (name === 'a_to_b' || name === 'b_to_a') {
      filled = false;
      const r = relationOf(picked('a_to_b'), picked('b_to_a'));
      if (derived || !picked('verdict')) {
        all('input[name=verdict]', f).forEach((x) => { x.checked = x.value === r; });
        derived = true;
      }
    }
    refresh();
  }
  function refresh() {
    const f = form();
    if (!f) return;
    const v = picked('verdict');
    const show = (selector, on) => $(selector, f)?.classList.toggle('on', on);
    const text = (name) => $(`textarea[name=${name}]`, f)?.value.trim() ?? '';
    show('.when-a', ['conditions', 'no'].includes(picked('a_to_b')) && v !== 'none' || text('a_conditions') !== '');
    show('.when-b', ['conditions', 'no'].includes(picked('b_to_a')) && v !== 'none' || text('b_conditions') !== '');
    show('.when-absent', v === 'no-counterpart');
    const means = $('#means', f);
    if (means) {
      let say = v ? word(camel('means-' + v)) : '';
      const r = relationOf(picked('a_to_b'), picked('b_to_a'));
      if (v && follows[v] && r && r !== v && !(v === 'identical' && r === 'equivalent')) say += ' ' + word('odd');
      means.textContent = say;
    }
    const g = $('#guard', f);
    if (g && !g.hidden) { const key = missing(); g.hidden = !key; if (key) g.textContent = word(camel('guard-' + key)); }
  }
  // What the answer lacks; the server refuses the same.
  function missing() {
    const f = form();
    const v = picked('verdict');
    const lines = (name) => ($(`textarea[name=${name}]`, f)?.value ?? '').trim();
    const a = picked('a_to_b') || (follows[v] ?? [])[0], b = picked('b_to_a') || (follows[v] ?? [])[1];
    if (!v) return a === 'no' && b === 'no' ? 'none-or-overlap' : 'verdict';
    if (v === 'no-counterpart') return lines('search') ? (adjudicates() && !lines('note') ? 'note' : '') : 'search';
    if (adjudicates() && !lines('note')) return 'note';
    if ((a === 'conditions' && !lines('a_conditions')) || (b === 'conditions' && !lines('b_conditions'))) return 'conditions';
    if (f.dataset.conflicts.split(' ').includes(v) && !$('input[name=reason]:checked', f)) return 'reason';
    return '';
  }
  const adjudicates = () => !!$('input[name=kind]', form());

  // ---- saving in the background ----
  const waiting = new Map(); // idempotency key -> what was answered, at most five
  const undos = []; // { match, decision, seq }
  // Active time in milliseconds on the differences, the texts and the answer, by where
  // pointer and focus are: neither while the page is hidden nor over two idle minutes.
  let spent = [0, 0, 0], part = 1, beat = 0, away = false;
  const active = (e) => {
    const now = performance.now();
    if (!away && now - beat < 12e4) spent[part] += now - beat;
    beat = now;
    away = document.hidden;
    const at = e?.target.closest?.('.differs, .texts, .dock, .fields');
    if (at) part = at.matches('.differs') ? 0 : at.matches('.texts') ? 1 : 2;
    const field = $('[name=spent]');
    if (field) field.value = spent.map(Math.round).join(' ');
  };
  ['pointermove', 'pointerdown', 'keydown', 'wheel', 'scroll', 'focusin', 'submit', 'visibilitychange'].forEach((type) => on(type, active, { capture: true, passive: true }));
  let shownAt = 0, hasty = 0; // when the item came up; answers in a row given within two seconds
  let kept = []; // what comes next, at most three: { match, href, page, a promise }
  const status = (text, bad) => {
    const s = $('#status');
    if (s) { s.textContent = text; s.classList.toggle('bad', !!bad); }
  };
  const showWaiting = () => {
    const w = $('#waiting');
    if (w) w.textContent = waiting.size ? word('saving').replace('#', waiting.size) : '';
  };
  window.addEventListener('beforeunload', (e) => { if (waiting.size) e.preventDefault(); });

  async function load(url) {
    const answer = await fetch(url, { headers: { Accept: 'text/html' }, credentials: 'same-origin' });
    if (!answer.ok) throw new Error(String(answer.status));
    return { url: answer.url, doc: parse(await answer.text()) };
  }
  // Three pages that come next are kept ready; the server leases them to us.
  const here = () => form()?.dataset.match ?? '';
  const gone = new Set(); // matches answered on this page
  const addressNext = (more) => {
    const queue = new URLSearchParams(location.search);
    if (!queue.get('task') || !form()) return '';
    ['saved', 'take', 'behind', 'find'].forEach((x) => queue.delete(x));
    queue.set('behind', here());
    Object.entries(more).forEach(([k, v]) => queue.set(k, v));
    waiting.forEach((w) => queue.append('passed', w.match));
    return '/review/next?' + queue;
  };
  async function ask() {
    const url = addressNext({ n: 3 });
    if (!url) { kept = []; return; }
    try {
      const answer = await fetch(url, { headers: { Accept: 'application/json' }, credentials: 'same-origin' });
      if (!answer.ok) return;
      const items = (await answer.json()).items.filter((x) => x.match !== here() && !gone.has(x.match));
      kept = items.map((x) => kept.find((k) => k.match === x.match) ?? { ...x, page: load(x.href).catch(() => null) });
    } catch { /* the next page is loaded when it is asked for */ }
  }
  let asking = null, again = false; // one question at a time
  function preload() {
    if (asking) again = true;
    else asking = ask().finally(() => { asking = null; if (again) { again = false; return preload(); } });
    return asking;
  }
  const pause = (ms) => new Promise((done) => setTimeout(done, ms, null));
  const busy = (is) => { if (is) $('main').ariaBusy = 'true'; else $('main').removeAttribute('aria-busy'); };
  function put(main, title, url) {
    $('main').replaceWith(main);
    busy(false);
    document.title = title;
    if (url) history.pushState(null, '', url);
    derived = filled = false;
    begin();
    window.scrollTo(0, 0);
    $('#item')?.focus({ preventScroll: true });
    if (bench()?.dataset.said) status(bench().dataset.said);
  }
  async function send(f, submitter) {
    active();
    const body = new URLSearchParams(new FormData(f));
    if (submitter?.name) body.set(submitter.name, submitter.value);
    const key = body.get('key') ?? here() + ' skip';
    const item = { main: $('main'), title: document.title, url: location.href, submitter: submitter?.name, match: here(), skip: f.id === 'skipform' };
    const together = !!$('input[name=also]:checked', f); // what comes next may be among them
    if (!item.skip) hasty = performance.now() - shownAt < 2000 ? hasty + 1 : 0;
    gone.add(item.match);
    while (waiting.size >= 5) await pause(20);
    if (together) { await settled(); native(f, submitter); return; }
    kept = kept.filter((k) => !gone.has(k.match));
    busy(true); // the style shows it when it takes a while
    if (!kept.length) await Promise.race([preload(), pause(1500)]);
    const next = kept.shift();
    const ahead = next && (await Promise.race([next.page, pause(1500)]));
    if (!ahead || !ahead.doc.querySelector('#decide')) { await settled(); native(f, submitter); return; }
    waiting.set(key, item);
    put(document.adoptNode(ahead.doc.querySelector('main')), ahead.doc.title, ahead.url);
    showWaiting();
    try {
      const answer = await fetch(f.getAttribute('action'), { method: 'POST', body, credentials: 'same-origin', headers: { Accept: 'application/json' } });
      waiting.delete(key);
      if (!answer.ok) { back(item, answer.status); return; }
      alive();
      const saved = await answer.json();
      if (saved.decision) undos.push({ match: saved.match, decision: saved.decision, seq: saved.seq });
      if (undos.length > 50) undos.shift();
      const bar = $('.queuebar');
      if (bar && saved.whole) { bar.firstChild.max = saved.whole; bar.firstChild.value = saved.done; bar.lastChild.textContent = saved.percent; }
      status(['✓ ' + saved.message, bench()?.dataset.said].filter(Boolean).join(' · '));
      offerUndo();
    } catch {
      waiting.delete(key);
      back(item, 0);
    }
    showWaiting();
  }
  // A page is not left while answers are on their way.
  const settled = async () => { while (waiting.size) await pause(20); };
  // A failed answer returns to the screen with everything that was filled in.
  async function back(item, code) {
    gone.delete(item.match);
    const left = { main: $('main'), title: document.title, url: location.href };
    if (form()) kept.unshift({ match: here(), page: Promise.resolve({ url: left.url, doc: { title: left.title, querySelector: (x) => (x === 'main' ? left.main : $(x, left.main)) } }) });
    put(item.main, item.title, item.url);
    status(word('failed'), true);
    if (!item.skip && [401, 403, 409, 422].includes(code)) { await settled(); native(form(), item.submitter ? $(`#${item.submitter}`) : null); }
  }
  // Marking a row as read wrongly, or a search for another clause, brings the page
  // anew, with the answer that was being written still in it.
  const seeks = (e) => /^(seek|mark|unmark)$/.test(e.submitter?.name);
  async function mark(f, submitter) {
    const body = new URLSearchParams(new FormData(f));
    if (submitter.name) body.set(submitter.name, submitter.value);
    let answer, doc;
    busy(true);
    try {
      answer = await fetch(submitter.getAttribute('formaction') ?? f.getAttribute('action'), { method: 'POST', body, credentials: 'same-origin', headers: { Accept: 'text/html' } });
      doc = parse(await answer.text());
    } catch { busy(false); status(word('failed'), true); return; }
    if (!answer.ok || !$('#decide', doc)) { native(f, submitter); return; } // the server says why
    const ticks = all('input[type=radio], input[type=checkbox]', form()), texts = all('textarea', form());
    const ticked = new Set(ticks.filter((x) => x.checked).map((x) => x.name + '=' + x.value));
    const flags = [derived, filled], time = spent, place = window.scrollY;
    put(document.adoptNode($('main', doc)), doc.title);
    [derived, filled] = flags;
    spent = time;
    all('input[type=radio], input[type=checkbox]', form()).forEach((x) => { x.checked = ticked.has(x.name + '=' + x.value); });
    texts.forEach((x) => { const here = form().elements[x.name]; if (here) here.value = x.value; });
    refresh();
    window.scrollTo(0, place);
    if (submitter.name === 'seek') $('#find').focus(); else status('✓ ' + submitter.textContent);
  }
  // The browser sends the form itself, as it does without this script: later,
  // because a form ignores what is asked of it while its submit event is under way.
  function native(f, submitter) {
    f.dataset.native = '1';
    if (f.elements.next && addressNext({})) f.elements.next.value = addressNext({});
    setTimeout(() => { if (submitter?.name) f.requestSubmit(submitter); else f.requestSubmit(); });
  }
  function offerUndo() {
    const last = undos.at(-1);
    const f = $('#undo');
    if (!last || !f) return;
    f.hidden = false;
    f.action = `/matches/${last.match}/undo`;
    $('input[name=decision]', f).value = last.decision;
    const what = $('#undo-what', f);
    if (what) what.textContent = '#' + last.seq;
  }
  on('submit', (e) => {
    const f = e.target;
    if (f.dataset.native || seeks(e) || !['decide', 'skipform'].includes(f.id)) return;
    if (f.id === 'skipform') {
      e.preventDefault();
      if (f.dataset.sent) return;
      f.dataset.sent = '1';
      send(f, e.submitter).finally(() => delete f.dataset.sent);
      return;
    }
    const unsure = e.submitter?.id === 'unsure';
    if (!unsure) {
      const key = missing();
      const g = $('#guard', f);
      if (key) {
        e.preventDefault();
        g.textContent = word(camel('guard-' + key));
        g.hidden = false;
        ({ conditions: () => $((picked('a_to_b') === 'conditions' && !$('textarea[name=a_conditions]', f).value.trim()) ? 'textarea[name=a_conditions]' : 'textarea[name=b_conditions]', f),
          reason: () => $('input[name=reason]', f), search: () => $('textarea[name=search]', f), note: () => $('#note', f) }[key]?.() ?? null)?.focus();
        return;
      }
    }
    e.preventDefault();
    if (f.dataset.sent) return;
    f.dataset.sent = '1';
    send(f, e.submitter).finally(() => delete f.dataset.sent);
  });
  on('submit', (e) => {
    const f = e.target;
    if (f.dataset.native || f.id !== 'misread' && !seeks(e) || !form()) return;
    e.preventDefault();
    if (f.dataset.sent) return;
    f.dataset.sent = '1';
    mark(f, e.submitter).finally(() => delete f.dataset.sent);
  });
  on('change', (e) => { if (e.target.form?.id === 'decide') onAnswer(e.target.name); });
  on('input', (e) => { if (e.target.form?.id === 'decide' && e.target.tagName === 'TEXTAREA') refresh(); });
  window.addEventListener('popstate', () => location.reload());

  // Pairs with the same two texts: all of them, or one by one.
  const family = () => all('input[name=also]', form() ?? undefined);
  on('change', (e) => {
    if (e.target.id === 'alike') family().forEach((x) => { x.checked = e.target.checked; });
    else if (e.target.name === 'also' && $('#alike')) $('#alike').checked = family().every((x) => x.checked);
  });

  // Suggested conditions are taken over one by one, and can be written on.
  on('dblclick', (e) => take(e.target.closest('[data-hint] li')));
  on('click', (e) => { if (e.target.closest('[data-adopt]')) take(e.target.closest('li')); });
  function take(item) {
    if (!item) return;
    const area = $(`textarea[name=${item.parentNode.dataset.hint}]`, form());
    area.value = (area.value.trim() ? area.value.trim() + '\n' : '') + $('bdi', item).textContent.trim();
    area.parentNode.classList.add('on');
    refresh();
    area.focus();
  }

  // ---- places of a difference, aligned pairs ----
  function flash(places) {
    all('.flash').forEach((x) => x.classList.remove('flash'));
    places.forEach((x) => x.classList.add('flash'));
    places[0]?.scrollIntoView({ block: 'center' });
    setTimeout(() => places.forEach((x) => x.classList.remove('flash')), 1600);
  }
  on('click', (e) => {
    const link = e.target.closest('.difftable a');
    if (!link) return;
    e.preventDefault();
    const row = link.closest('tr');
    flash([row.dataset.a, row.dataset.b].map((id) => id && document.getElementById(id)).filter(Boolean));
  });
  let pair = 0;
  function step(by) {
    const numbers = [...new Set(all('.this [data-n]').map((x) => +x.dataset.n))].sort((x, y) => x - y);
    if (!numbers.length) return;
    pair = ((pair + by - 1 + numbers.length) % numbers.length) + 1;
    flash(all(`.this [data-n="${numbers[pair - 1]}"]`));
  }

  // ---- keys, by their place on the keyboard ----
  const toggle = (part) => all(`details[data-part=${part}]`).forEach((d, i, list) => { d.open = i ? list[0].open : !d.open; if (!i && d.open) d.scrollIntoView({ block: 'nearest' }); });
  const go = (rel) => { const a = $(`a[rel=${rel}]`, bench()); if (a) a.click(); };
  const toLink = () => navigator.clipboard?.writeText(location.origin + location.pathname).then(() => status(word('copied')));
  const acts = {
    confirm: () => form()?.requestSubmit($('#confirm')), undo, skip: () => { const d = $('#skip'); if (d) { d.open = !d.open; if (d.open) $('button', d).focus(); } },
    unsure: () => $('#unsure') && form().requestSubmit($('#unsure')), comment: () => $('#note')?.focus(), pair: (e) => step(e.shiftKey ? -1 : 1),
    neighbours: () => toggle('n'), why: () => toggle('x'), others: () => toggle('o'), history: () => toggle('h'),
    misread, family: () => { $('#alike')?.click(); $('#family')?.scrollIntoView({ block: 'nearest' }); },
    guide: () => { if ($('#guideline')) toggle('g'); else location.href = '/help'; }, plain: () => $('main').classList.toggle('textplain'), link: toLink,
    previous: () => go('prev'), next: () => go('next'), table: () => $('#keytable')?.showModal(),
  };
  // A relation or an answer by its act; false where the form has no such choice.
  const choose = (act) => {
    const [, group, value] = /^(relation|forth|back)-(.+)$/.exec(act) ?? [];
    return group && form() && pick({ relation: 'verdict', forth: 'a_to_b', back: 'b_to_a' }[group], value);
  };
  const table = (place) => JSON.parse(place?.dataset.map ?? '{}');
  // What a key is called in the table of the page; '' when it is held with what the table does not have.
  function stroke(e, mode, map) {
    const alone = !e.shiftKey && !e.metaKey;
    if (alone && e.altKey && !e.ctrlKey && /^Arrow(Left|Right)$/.test(e.code)) return (e.code === 'ArrowRight') === (root.dir !== 'rtl') ? 'Alt+Forward' : 'Alt+Backward';
    if (alone && e.ctrlKey && !e.altKey) return 'Ctrl+' + e.code;
    if (e.ctrlKey || e.metaKey || (mode === 'alt' ? !(e.altKey && e.shiftKey) : e.altKey)) return '';
    if (e.key === '?' && map['?']) return '?';
    return e.shiftKey && mode !== 'alt' && map[e.code] !== 'pair' ? '' : e.code;
  }
  // The next row of the table that can be marked as read wrongly opens.
  function misread() {
    const rows = all('details.misread');
    const next = rows[(rows.findIndex((d) => d.open) + 1) % rows.length];
    rows.forEach((d) => { d.open = d === next; });
    $('button', next ?? document.createElement('p'))?.focus();
  }
  function undo() { const f = $('#undo'); if (f && !waiting.size) f.requestSubmit(); }
  const typing = (t) => t.isContentEditable || /^(TEXTAREA|SELECT)$/.test(t.tagName) || (t.tagName === 'INPUT' && !/^(radio|checkbox|button|submit)$/.test(t.type));
  const works = (t) => /^(A|BUTTON|SUMMARY)$/.test(t.tagName);
  on('keydown', (e) => {
    if ((e.key === '/' || e.code === 'Slash' && !e.shiftKey) && !e.isComposing && !e.altKey && (root.dataset.keys ?? 'on') === 'on' && !e.ctrlKey && !e.metaKey && !typing(e.target) && $('#q')) { e.preventDefault(); $('#q').focus(); return; }
    if (!bench() || e.isComposing || e.keyCode === 229 || e.repeat) return;
    const mode = root.dataset.keys;
    if (e.key === 'Escape') { if (typing(e.target)) e.target.blur(); else if ($('#skip[open]')) { $('#skip').open = false; $('#item')?.focus(); } else all('details[open]', bench()).forEach((x) => { if (x.contains(document.activeElement)) $('#item')?.focus(); x.open = false; }); return; }
    if (typing(e.target)) {
      if (e.ctrlKey && e.code === 'Enter') { e.preventDefault(); e.target.blur(); $('#item')?.focus(); }
      else if (e.key === 'Enter' && e.target.id === 'find' && $('[name=seek]')) { e.preventDefault(); $('[name=seek]').click(); }
      return;
    }
    if (mode === 'off' || $('dialog[open]')) return;
    const held = e.ctrlKey || e.metaKey || (mode === 'alt' ? !(e.altKey && e.shiftKey) : e.altKey);
    const d = /^(?:Digit|Numpad)(\d)$/.exec(e.code)?.[1], why = $('#skip[open]');
    if (!held && why && d >= 1 && d <= 4 && (!e.shiftKey || mode === 'alt')) { e.preventDefault(); all('button', why)[d - 1].click(); return; }
    if (!held && d >= 1 && d <= 5 && e.shiftKey && mode !== 'alt') { const other = $(`#others a[data-other="${d}"]`); if (other) { e.preventDefault(); other.click(); } return; }
    // A dispute: 1 and 2 take an answer over, 3 leaves the digits to one's own.
    const taken = !held && (!e.shiftKey || mode === 'alt') && d && $('button[data-take]') && $(`[data-take="${d}"]`);
    if (taken) { e.preventDefault(); taken.click(); return; }
    const map = table(bench()), key = stroke(e, mode, map), act = map[key];
    if (!act || /Enter$/.test(e.code) && works(e.target)) return;
    if (acts[act] || choose(act)) e.preventDefault();
    acts[act]?.(e);
  });
  // The queue of candidates: the keys of the acts that its buttons stand for.
  on('keydown', (e) => {
    const q = $('#candidate'), mode = root.dataset.keys, map = table(q);
    if (!q || e.isComposing || e.keyCode === 229 || e.repeat || mode === 'off' || typing(e.target)) return;
    const b = $(`[data-act="${map[stroke(e, mode, map)]}"]`, q);
    if (b) { e.preventDefault(); b.click(); }
  });
  on('click', (e) => {
    const own = e.target.closest('button[data-take]');
    if (own) { own.parentNode.remove(); $('input[name=verdict]', form())?.focus(); }
  });
  on('click', (e) => {
    const help = e.target.closest('#keyhelp');
    if (help && $('#keytable')?.showModal) { e.preventDefault(); $('#keytable').showModal(); }
  });

  // ---- keys of hits (arrows, C, A) and of a standard's clauses ([, ], G) ----
  on('keydown', (e) => {
    const hits = all('.hits > li'), rows = hits.length ? hits : all('.clauses > article'), mode = root.dataset.keys ?? 'on', alt = e.altKey && e.shiftKey;
    if (!rows.length || bench() || mode === 'off' || e.ctrlKey || e.metaKey || e.isComposing || e.repeat || (e.altKey && !alt)) return;
    const at = rows.findIndex((r) => r.contains(document.activeElement)), arrow = { ArrowDown: 1, ArrowUp: -1 }[e.code], step = hits.length ? arrow : { BracketRight: 1, BracketLeft: -1 }[e.code];
    const go = (i) => { const a = $('h2 a, a.label', rows[Math.max(0, Math.min(i, rows.length - 1))]); a.focus(); a.scrollIntoView({ block: 'nearest' }); e.preventDefault(); };
    if (arrow ? at >= 0 || e.target.id === 'q' : !typing(e.target) && (mode !== 'alt' || alt)) {
      if (step && at < 0 && !hits.length) go(rows.findIndex((r) => r.getBoundingClientRect().bottom > 0) + (step < 0 ? -1 : 0));
      else if (step === -1 && at === 0 && hits.length) $('#q').focus();
      else if (step) go(at + step);
      else if (e.code === 'KeyG' && $('#goto')) { e.preventDefault(); $('#goto').focus(); }
      else if (at >= 0 && e.code === 'KeyC') $('a[data-compare]', rows[at])?.click();
      else if (at >= 0 && e.code === 'KeyA') $('.tick input', rows[at])?.click();
    }
  });
  // An outline keeps in the address which of its chapters are open.
  const outline = $('.outline'), place = outline && $('[aria-current]', outline);
  if (place) outline.scrollTop = place.offsetTop - outline.clientHeight / 3;
  on('click', (e) => {
    if (!e.target.closest('summary')?.parentNode.dataset.open) return;
    setTimeout(() => {
      const open = all('[data-open][open]').map((d) => d.dataset.open).join();
      const keep = (url) => { const u = new URL(url); if (open) u.searchParams.set('open', open); else u.searchParams.delete('open'); return u; };
      history.replaceState(null, '', keep(location));
      all('main a').forEach((a) => { if (a.search && a.pathname === location.pathname) a.href = keep(a); });
      all('input[name=open]').forEach((i) => { i.value = open; });
    });
  });
  all('.reveal').forEach((b) => { b.hidden = false; });
  on('submit', () => all('.reveal[aria-pressed=true]').forEach((b) => b.click()), true);
  on('click', (e) => {
    const b = e.target.closest('.reveal'), show = b?.ariaPressed !== 'true';
    if (b) { b.ariaPressed = show; all('[autocomplete$=password]', b.form).forEach((i) => { i.type = show ? 'text' : 'password'; }); }
  });
  on('click', (e) => {
    const b = e.target.closest('[data-copy]');
    if (b) navigator.clipboard?.writeText(b.dataset.copy).then(() => { $('#copied').textContent = b.dataset.done; });
  });

  // Keys are printed as the person's own layout has them, where the browser tells it.
  function caps() {
    navigator.keyboard?.getLayoutMap?.().then((layout) => all('kbd[data-code]').forEach((k) => {
      const c = layout.get(k.dataset.code), upper = c?.toLocaleUpperCase(root.lang);
      if (c) k.textContent = upper.length === c.length ? upper : c;
    })).catch(() => {});
  }

  // ---- the page where keys are changed ----
  let pressing = '';
  const told = (text) => { $('#keysaid').textContent = text; };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const named = (act) => $(`#keyboard option[value="${act}"]`)?.textContent ?? act;
  on('click', (e) => {
    const b = e.target.closest('[data-press]');
    if (!b) return;
    pressing = b.dataset.press;
    told(fill($('#keyboard').dataset.saysPress, { act: named(pressing) }));
  });
  on('focusout', () => { pressing = ''; });
  on('keydown', (e) => {
    if (!pressing || e.isComposing || e.repeat || e.code === 'Tab') return;
    const f = $('#keyboard'), kept = JSON.parse(f.dataset.kept)[e.code], other = table(f)[e.code];
    const select = f.elements.code, option = [...select.options].find((o) => o.value === e.code);
    if (kept === 'held') return;
    e.preventDefault();
    e.stopImmediatePropagation();
    const act = pressing;
    if (e.code === 'Escape') { pressing = ''; told(''); return; }
    const key = option?.textContent ?? e.code;
    if (kept) { told(fill(f.dataset[camel('says-' + kept)], { key })); return; }
    if (!option || e.ctrlKey || e.altKey || e.metaKey) { told(f.dataset.saysUnknown); return; }
    if (other && other !== act) { told(fill(f.dataset.saysTaken, { key, act: named(act), other: named(other) })); return; }
    pressing = '';
    f.elements.act.value = act;
    select.value = e.code;
    f.requestSubmit($('button[value=set]', f));
  }, true);

  // ---- the screen of an import ----
  const sheet = () => $('#sheet');
  const clauseForm = () => $('#clause-form');
  const bytes = (text) => new TextEncoder().encode(text).length;
  function cut() { // the place of the cursor, in bytes of the text
    const area = $('textarea[name=text]', clauseForm() ?? document);
    if (area) clauseForm().elements.at.value = bytes(area.value.slice(0, area.selectionStart));
  }
  on('click', (e) => { if (e.target.closest('#split-here')) cut(); });
  const press = (selector) => { const f = $(selector); if (f) f.requestSubmit(); };
  function problem(by) {
    const links = all('a[data-problem]');
    if (!links.length) return;
    const here = links.findIndex((a) => a.closest('[data-here]') || a.getAttribute('href') === location.pathname + location.search + location.hash);
    links[here < 0 ? (by > 0 ? 0 : links.length - 1) : (here + by + links.length) % links.length].click();
  }
  const pane = $('#source'), marked = pane && ($('.here', pane) ?? (location.hash.startsWith('#s-') && $(location.hash, pane)));
  if (marked) pane.scrollTop += marked.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
  const walk = (rel) => ($(`#edit a[rel=${rel}]`) ?? $('.sheetrows .facts a'))?.click();
  const sheetKeys = {
    KeyN: () => problem(1), KeyP: () => problem(-1), KeyJ: () => walk('next'), KeyK: () => walk('prev'),
    KeyS: () => { cut(); clauseForm()?.requestSubmit($('#split-here')); }, KeyG: () => press('#merge-form'),
    KeyD: () => press('#delete-form, #restore-form'), KeyU: () => press('#take-back'),
    KeyR: () => clauseForm()?.elements.label.select(), KeyE: () => clauseForm()?.elements.text.focus(),
    KeyI: () => { const k = clauseForm()?.elements.kind; if (k) { k.value = k.value === 'informative' ? 'provision' : 'informative'; clauseForm().requestSubmit($('button[value=edit]', clauseForm())); } },
  };
  on('keydown', (e) => {
    if (!sheet() || e.isComposing || e.keyCode === 229 || e.repeat) return;
    const mode = root.dataset.keys;
    if (typing(e.target)) {
      if (e.key === 'Escape') e.target.blur();
      if (e.ctrlKey && e.code === 'Enter' && e.target.name === 'text') { e.preventDefault(); sheetKeys.KeyS(); }
      return;
    }
    if (mode === 'off' || e.ctrlKey || e.metaKey || (mode === 'alt' ? !(e.altKey && e.shiftKey) : e.altKey || e.shiftKey)) return;
    if (e.code.endsWith('Enter')) { if (!e.target.closest('a,button,summary,select')) press('#look-form'); return; }
    if (sheetKeys[e.code]) { e.preventDefault(); sheetKeys[e.code](); }
  });

  // What a form would do is shown while it is filled in.
  on('change', async (e) => {
    const f = e.target.form, at = f?.dataset.live;
    if (!at) return;
    const answer = await fetch(f.action, { method: 'POST', body: new URLSearchParams([...new FormData(f), ['do', 'preview']]) });
    if (answer.ok) $(at).replaceWith($(at, parse(await answer.text())));
  });

  // A form that takes long: how much is sent, that it is being read, and a way to
  // stop, which ends the reading on the server too.
  on('submit', (e) => {
    const f = e.target.closest('form[data-long]');
    if (!f || e.defaultPrevented) return;
    e.preventDefault();
    const work = $('[data-work]', f), bar = $('progress', work), said = $('span', work), go = $('button.b1', f);
    const request = new XMLHttpRequest();
    const over = () => { work.hidden = true; go.disabled = false; };
    request.open('POST', f.action);
    request.setRequestHeader('Accept', 'text/html');
    request.upload.onprogress = (p) => { if (p.lengthComputable) { bar.max = p.total; bar.value = p.loaded; } };
    request.upload.onload = () => { bar.removeAttribute('value'); said.textContent = said.dataset.reading; };
    request.onload = () => { const doc = parse(request.responseText), main = $('main', doc); if (main) put(main, doc.title); else location.reload(); };
    request.onerror = () => { over(); f.removeAttribute('data-long'); f.requestSubmit(go); };
    $('button', work).onclick = () => { request.abort(); location.reload(); };
    go.disabled = true;
    work.hidden = false;
    request.send(new FormData(f));
  });

  // Runs that go: their bars move by the server's events, by asking where there are
  // none, and the page comes anew when one has ended.
  const bars = all('[data-run]');
  const numbers = new Intl.NumberFormat(root.lang);
  const move = (p, run) => {
    if (!run.clauses) return;
    const bar = $('progress', p), text = p.dataset.said.replace('{done}', numbers.format(run.done)).replace('{all}', numbers.format(run.clauses));
    const quarter = Math.floor(4 * run.done / run.clauses);
    bar.max = run.clauses;
    bar.value = run.done;
    $('span', p).textContent = text;
    if (p.dataset.quarter && p.dataset.quarter !== String(quarter)) $('[role=status]', p).textContent = text;
    p.dataset.quarter = quarter;
  };
  const hear = (state) => {
    for (const p of bars) {
      const run = state.runs.find((r) => r.id === p.dataset.run);
      if (!run) { location.reload(); return false; }
      move(p, run);
    }
    return true;
  };
  const poll = async () => {
    try {
      const answer = await fetch('/runs/live', { headers: { Accept: 'application/json' }, credentials: 'same-origin' });
      if (!answer.ok || !hear(await answer.json())) return;
    } catch { /* the server is away for a moment */ }
    setTimeout(poll, 1000);
  };
  if (bars.length && window.EventSource) {
    const source = new EventSource('/events');
    let failed = 0;
    source.addEventListener('runs', (e) => { failed = 0; if (!hear(JSON.parse(e.data))) source.close(); });
    source.onerror = () => { if (source.readyState === EventSource.CLOSED || ++failed > 3) { source.close(); setTimeout(poll, 1000); } };
    addEventListener('pagehide', () => source.close());
  } else if (bars.length) setTimeout(poll, 700);

  function begin() {
    pair = 0;
    caps();
    if (!bench()) return;
    beat = shownAt = performance.now();
    part = 1;
    spent = ($('[name=spent]')?.value || '0 0 0').split(' ').map(Number);
    $('#pace').hidden = hasty < 20; // said quietly, and nothing is stopped
    refresh();
    offerUndo();
    showWaiting();
    preload();
  }
  begin();
  if (bench() && !location.hash && !$('#problem')) $('#item')?.focus({ preventScroll: true });
})();
