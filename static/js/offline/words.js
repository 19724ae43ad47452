// Finds documents by words without a server. The index is made by missions/offline/searching.py, which says how to read it.
(() => {
  const edition = (self.peaceops ??= {});
  const ENDINGS = /(ies|es|ed|ing|ly|s|e)$/;
  const PLURAL = /(?<=[\p{L}\p{N}_]{2})(ies|(?<=[^siu])s)$/u;
  const QUOTED = /["“”„«»]([^"“”„«»]*)["“”„«»]/gu;
  const RESOLUTION = /^(?:s|a) res (\d+)(?: \d+)?$/;
  const LONGER = 3; // letters by which a word may be longer than what was typed

  const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const wordsOf = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  const keyOf = (text) => wordsOf(text).map((w) => w.replace(PLURAL, (end) => (end === "ies" ? "y" : ""))).join(" ");
  const singular = (words) => words.map((w) => (w.length > 3 ? w.replace(/s+$/, "") : w)).join(" ");

  class Index {
    constructor(data) {
      Object.assign(this, data);
      this.vocabulary = data.words.split(" ");
      this.stemOf = new Map(this.vocabulary.map((word, n) => [word, data.stems[n]]));
      this.read = new Map();
      this.levels = data.marks.length / 3;
      this.isSmall = new Set(data.small);
      this.longest = Math.max(...Object.keys(data.synonyms).map((k) => k.split(" ").length));
    }

    // The stems that a word may mean: its own or, of a word that is nowhere, those of words that begin like it.
    stemsOf(word) {
      if (this.stemOf.has(word)) return [this.stemOf.get(word)];
      const bases = [word.replace(/ies$/, "y"), word.replace(ENDINGS, "")].filter((b) => b.length > 2);
      const near = (v) => bases.some((b) => v === b || (b.length > 3 && v.startsWith(b) && v.length - b.length <= LONGER));
      return [...new Set(this.vocabulary.filter(near).map((v) => this.stemOf.get(v)))];
    }

    // Where a stem stands: Map of document to [weight, column], column 0 the text, 1 the title, 2 a name.
    places(stem) {
      if (!this.read.has(stem)) {
        const found = new Map();
        let number = 0;
        for (const [, step, mark] of this.postings[stem].matchAll(/([0-9a-z]+)([^0-9a-z])/g)) {
          number += parseInt(step, 36);
          const at = this.marks.indexOf(mark);
          found.set(number, [((at % this.levels) + 0.5) * this.top, Math.floor(at / this.levels)]);
        }
        const n = found.size;
        const rarity = Math.max(Math.log((this.documents.length - n + 0.5) / (n + 0.5)), 1e-6);
        for (const place of found.values()) place[0] *= rarity;
        this.read.set(stem, found);
      }
      return this.read.get(stem);
    }

    ofWord(word) {
      const found = new Map();
      for (const stem of this.stemsOf(word)) {
        for (const [number, place] of this.places(stem)) {
          if (!found.has(number) || found.get(number)[0] < place[0]) found.set(number, place);
        }
      }
      return found;
    }

    // A phrase is found where all its words stand, in whatever order; its column is the least of theirs.
    ofPhrase(phrase) {
      const all = phrase.split(" ");
      const large = all.filter((w) => !this.isSmall.has(w));
      const [first, ...others] = (large.length ? large : all).map((w) => this.ofWord(w));
      const found = new Map();
      for (const [number, place] of first) {
        const rest = others.map((places) => places.get(number));
        if (rest.includes(undefined)) continue;
        const together = [place, ...rest];
        found.set(number, [together.reduce((sum, p) => sum + p[0], 0), Math.min(...together.map((p) => p[1]))]);
      }
      return found;
    }

    ofGroup(group) {
      const found = new Map();
      for (const phrase of group.phrases) {
        for (const [number, [weight, column]] of this.ofPhrase(phrase)) {
          const [before, best] = found.get(number) ?? [0, 0];
          found.set(number, [before + weight, Math.max(best, column)]);
        }
      }
      return found;
    }

    variants(word) {
      const other = this.spellings[word];
      if (other) return [word, other];
      if (word.length > 5 && /i[sz](e[ds]?|ing|ations?|ational)$/.test(word)) {
        return [word, word.replace(/i([sz])(e[ds]?|ing|ations?|ational)$/, (_, s, end) => `i${s === "s" ? "z" : "s"}${end}`)];
      }
      return [word];
    }

    spelled(words) {
      const all = words.reduce((made, w) => made.flatMap((m) => this.variants(w).map((v) => [...m, v])), [[]]);
      return all.slice(0, 8).map((p) => p.join(" "));
    }

    alternatives(unit) {
      const known = this.synonyms[singular(unit)];
      if (known) return known;
      const resolution = RESOLUTION.exec(unit.join(" "));
      if (resolution) return [unit.join(" "), `resolution ${resolution[1]}`];
      if (unit.length === 1 || unit.some((w) => /^\d+$/.test(w) || w.length === 1)) return this.spelled(unit);
      return [...this.spelled(unit), unit.join("")];
    }

    grouped(units) {
      const groups = [];
      let rest = units;
      while (rest.length) {
        let size = Math.min(this.longest, rest.length);
        for (; size > 1; size -= 1) {
          const together = rest.slice(0, size).flat();
          const known = this.synonyms[singular(together)];
          if (known) {
            groups.push({ typed: together.join(" "), phrases: known });
            break;
          }
        }
        if (size <= 1) {
          const [first, following = []] = rest;
          size = 1;
          if (["resolution", "res", "unscr", "scr"].includes(first[0]) && first.length === 1 && /^\d+$/.test(following[0] ?? "")) {
            size = 2;
            groups.push({ typed: `${first[0]} ${following[0]}`, phrases: [`resolution ${following[0]}`, `res ${following[0]}`] });
          } else {
            groups.push({ typed: first.join(" "), phrases: this.alternatives(first) });
          }
        }
        rest = rest.slice(size);
      }
      return groups;
    }

    // What a text asks for: groups, each of which must be found, and the names that the whole text may be.
    parse(text) {
      const groups = [];
      const rest = text.replace(QUOTED, (_, inner) => {
        const words = wordsOf(inner);
        if (words.length) groups.push({ typed: words.join(" "), phrases: this.spelled(words) });
        return " ";
      });
      const units = rest.split(/\s+/).flatMap((chunk) => (chunk.includes("/") && !/\d/.test(chunk) ? chunk.split("/") : [chunk]));
      groups.push(...this.grouped(units.map(wordsOf).filter((u) => u.length)));
      const large = groups.filter((g) => !this.isSmall.has(g.typed));
      const keys = [keyOf(text)];
      if (groups.length === 1) {
        const same = this.names.find((n) => n.join() === groups[0].phrases.join());
        if (same) keys.push(...same.map(keyOf));
      }
      return { groups: large.length ? large : groups, keys: keys.filter(Boolean) };
    }

    // The numbers of the documents that a text finds, best first, in the tiers of the site's own search.
    search(text) {
      const { groups, keys } = this.parse(text);
      if (!groups.length) return [];
      const places = groups.map((g) => this.ofGroup(g));
      const behind = new Set(this.behind);
      const found = [];
      for (const number of places[0].keys()) {
        const at = places.map((p) => p.get(number));
        if (at.includes(undefined)) continue;
        const [kind, , , , factor, names] = this.documents[number];
        const isNamed = at.every((p) => p[1] > 0);
        const isAuthored = at.some((p, n) => p[1] === 2 && !/^\d+$/.test(groups[n].typed));
        const later = isNamed ? (isAuthored ? 1 : 3) : 4;
        const tier = behind.has(this.kinds[kind][0]) ? later : isNamed ? 0 : 2;
        const own = names.split("\n");
        const weight = at.reduce((sum, p) => sum + p[0], 0) * factor;
        found.push({ number, tier: keys.some((k) => own.includes(k)) ? -1 : tier, weight });
      }
      return found.sort((a, b) => a.tier - b.tier || b.weight - a.weight || a.number - b.number).map((f) => f.number);
    }

    // Documents with some of the words, those with most first.
    some(text, most) {
      const sums = new Map();
      for (const group of this.parse(text).groups) {
        for (const [number, [weight]] of this.ofGroup(group)) {
          const [times, sum] = sums.get(number) ?? [0, 0];
          sums.set(number, [times + 1, sum + weight]);
        }
      }
      return [...sums].sort(([a, x], [b, y]) => y[0] - x[0] || y[1] - x[1] || a - b).slice(0, most).map(([n]) => n);
    }

    // The text with each word that is nowhere replaced by the nearest that is somewhere; empty if nothing is nearer.
    meant(text) {
      let changed = false;
      const words = wordsOf(text).map((word) => {
        if (word.length < 4 || this.stemsOf(word).length) return word;
        const most = word.length < 7 ? 1 : 2;
        let best = null;
        for (const other of this.vocabulary) {
          if (Math.abs(other.length - word.length) > most || /\d/.test(other)) continue;
          const far = distance(word, other, most);
          const often = this.postings[this.stemOf.get(other)].length;
          if (far <= most && (!best || far < best.far || (far === best.far && often > best.often))) best = { other, far, often };
        }
        changed ||= Boolean(best);
        return best?.other ?? word;
      });
      return changed ? words.join(" ") : "";
    }

    // The stems of all words that a text asks for, to mark them where they stand.
    wanted(text) {
      const words = this.parse(text).groups.flatMap((g) => g.phrases).flatMap((p) => p.split(" "));
      return new Set(words.filter((w) => !this.isSmall.has(w)).flatMap((w) => this.stemsOf(w)));
    }

    isWanted(word, wanted) {
      return wordsOf(word).some((w) => wanted.has(this.stemOf.get(w)));
    }
  }

  function distance(a, b, most) {
    let before = [];
    let row = [...Array(b.length + 1).keys()];
    for (let i = 1; i <= a.length; i += 1) {
      const next = [i];
      for (let j = 1; j <= b.length; j += 1) {
        let cost = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2] + 1);
        next.push(cost);
      }
      before = row;
      row = next;
      if (Math.min(...row) > most) return most + 1;
    }
    return row[b.length];
  }

  let index;
  // Resolves to the index, which is read when first asked for; `root` leads to the directory of the search.
  edition.words = async (root) => {
    await (edition.index ?? edition.load(`${root}index.js`));
    return (index ??= new Index(edition.index));
  };
})();
