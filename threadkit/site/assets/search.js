// Search of this site; the files that it loads are explained in threadkit/site/search.py.
"use strict";
(() => {
  const [form, box, says, hits, all] = ["find", "q", "says", "hits", "all"].map((id) => document.getElementById(id));
  const loaded = {}, shelves = {}, shown = {};
  let facts, soon, turn = 0;
  window.threadkit = {
    facts(given) { facts = given; facts.known = new Set(given.words); },
    words(name, words) { shelves[name] = words; },
    documents(first, list) { list.forEach((one, i) => { shown[first + i] = one; }); },
  };

  const load = (name) => loaded[name] ||= new Promise((done) => {
    const script = document.createElement("script");
    script.src = `search/${name}.js`;
    script.onload = script.onerror = done;
    document.head.append(script);
  });

  const shelf = (word) => {
    const two = [...word].slice(0, 2), odd = two.find((c) => !/[a-z0-9_]/.test(c));
    return odd ? "~" + (odd.codePointAt(0) >> 8).toString(16) : two.join("");
  };

  // Documents of a word, with weights; a whole word weighs more than a beginning.
  async function look(word, open) {
    const found = new Map(), name = shelf(word);
    if (facts.known.has(name)) await load(name);
    for (const [key, codes] of Object.entries(shelves[name] || {})) {
      if (key !== word && !(open && key.startsWith(word))) continue;
      let at = 0;
      for (const code of codes.split(" ")) {
        const n = parseInt(code, 36);
        at += n >> 2;
        found.set(at, Math.max(found.get(at) || 0, (n & 3) * 2 + (key === word)));
      }
    }
    return found;
  }

  // Documents of all words; an identifier that is nowhere whole is looked for by its parts.
  async function match(words) {
    let result;
    for (const [i, word] of words.entries()) {
      let found = await look(word, i + 1 === words.length || /^(?=.*\d)[0-9a-f]{6,}$/.test(word));
      const pieces = word.split("_").filter((one) => one.length > 1);
      if (!found.size && pieces.length > 1) found = await match(pieces);
      result = result ? new Map([...result].filter(([n]) => found.has(n)).map(([n, w]) => [n, w + found.get(n)])) : found;
    }
    return result;
  }

  async function find() {
    const mine = ++turn, text = box.value.trim();
    try { // on a disk, browsers may refuse
      history.replaceState(null, "", text ? "?q=" + encodeURIComponent(text) : location.pathname);
    } catch { /* the address stays */ }
    await load("index");
    const words = (text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}_]+/gu) || [])
      .map((one) => [...one].slice(0, /^[0-9a-f]{13,}$/.test(one) ? facts.sha : facts.longest).join(""))
      .filter((one) => one.length > 1 && !facts.skipped.includes(one));
    const found = words.length ? await match(words) : new Map();
    const best = [...found].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 100);
    await Promise.all(best.map(([n]) => load("d-" + Math.floor(n / facts.shelf))));
    if (mine !== turn) return;
    all.hidden = words.length > 0;
    says.textContent = words.length ? `${found.size} ${found.size === 1 ? "hit" : "hits"}${found.size > 100 ? ", the best 100 are shown" : ""}` : "";
    hits.replaceChildren(...best.map(([n]) => {
      const [title, person, date, kind, page] = shown[n];
      const [line, link, more] = ["li", "a", "small"].map((tag) => document.createElement(tag));
      link.href = page;
      link.textContent = title;
      more.textContent = " " + [kind, person, date].filter(Boolean).join(" · ");
      line.append(link, more);
      return line;
    }));
  }

  box.oninput = () => { clearTimeout(soon); soon = setTimeout(find, 120); };
  form.onsubmit = (event) => { event.preventDefault(); find(); };
  form.hidden = false;
  box.value = new URLSearchParams(location.search).get("q") || "";
  if (box.value) find();
})();
