// Offsets. The API counts Unicode code points; JavaScript's strings count UTF-16 units, in which
// an emoji is two. Everything that slices by an offset of the API goes through here.

/**
 * UTF-16 positions of code-point offsets, for any number of offsets in one walk over the text.
 * An offset past the end is the end.
 */
export function toUtf16(text, offsets) {
  const order = offsets.map((_, i) => i).sort((a, b) => offsets[a] - offsets[b]);
  const found = new Array(offsets.length);
  let points = 0;
  let units = 0;
  for (const i of order) {
    while (points < offsets[i] && units < text.length) {
      units += text.codePointAt(units) > 0xffff ? 2 : 1;
      points += 1;
    }
    found[i] = units;
  }
  return found;
}

/**
 * Cut `text` where the ranges begin and end: pieces in order that together are the text, each
 * with the names of the ranges that cover it. Ranges: `{name, start, end}` in UTF-16 units.
 */
export function cut(text, ranges, from = 0, to = text.length) {
  const inside = ranges.filter((range) => range.start < to && range.end > from);
  const edges = new Set([from, to]);
  for (const { start, end } of inside) {
    edges.add(Math.max(from, start));
    edges.add(Math.min(to, end));
  }
  const points = [...edges].sort((a, b) => a - b);
  return points.slice(0, -1).map((start, i) => {
    const end = points[i + 1];
    const names = inside.filter((r) => r.start <= start && r.end >= end).map((r) => r.name);
    return { start, end, text: text.slice(start, end), names };
  });
}
