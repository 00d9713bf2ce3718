// Boxes on a page, in points (1/72 inch) from its top left corner. Pure functions.

export const right = (box) => box.x + box.width;
export const bottom = (box) => box.y + box.height;
const clamp = (value, least, most) => Math.max(least, Math.min(value, most));

export function bounds(boxes) {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  return { x, y, width: Math.max(...boxes.map(right)) - x, height: Math.max(...boxes.map(bottom)) - y };
}

export function overlaps(one, other) {
  return one.x < right(other) && other.x < right(one) && one.y < bottom(other) && other.y < bottom(one);
}

// Whole points, wholly on the page where it has room.
export function onPage(box, [width, height]) {
  return {
    x: clamp(Math.round(box.x), 0, Math.max(0, Math.floor(width - box.width))),
    y: clamp(Math.round(box.y), 0, Math.max(0, Math.floor(height - box.height))),
  };
}

// The size that Docusign will give a field of this kind, when this one is asked for.
export function fitted(kind, width, height) {
  if (kind.sizing === "fixed") return { width: kind.width, height: kind.height };
  if (kind.sizing === "free") return { width: Math.max(8, Math.round(width)), height: Math.max(8, Math.round(height)) };
  const scale = clamp(width / kind.width, ...kind.scales);
  return { width: Math.round(kind.width * scale), height: Math.round(kind.height * scale) };
}

const LINES = {
  x: (box) => [box.x, box.x + box.width / 2, box.x + box.width],
  y: (box) => [box.y, box.y + box.height / 2, box.y + box.height],
};

// How far the box must go to stand in line with others, and the lines it then stands on.
export function snap(box, others, page, reach, axes = ["x", "y"]) {
  const around = [...others, { x: 0, y: 0, width: page[0], height: page[1] }];
  const result = { dx: 0, dy: 0, guides: [] };
  for (const axis of axes) {
    const targets = around.flatMap(LINES[axis]);
    let best = null;
    for (const line of LINES[axis](box)) {
      for (const target of targets) {
        const distance = target - line;
        if (Math.abs(distance) <= reach && (best === null || Math.abs(distance) < Math.abs(best))) best = distance;
      }
    }
    if (best === null) continue;
    result[`d${axis}`] = best;
    const moved = LINES[axis](box).map((line) => line + best);
    const met = targets.filter((target) => moved.some((line) => Math.abs(line - target) < 0.6));
    result.guides.push(...[...new Set(met.map(Math.round))].map((at) => ({ axis, at })));
  }
  return result;
}

export const ALIGNMENTS = {
  left: (box, all) => ({ x: all.x }),
  centre: (box, all) => ({ x: Math.round(all.x + (all.width - box.width) / 2) }),
  right: (box, all) => ({ x: right(all) - box.width }),
  top: (box, all) => ({ y: all.y }),
  middle: (box, all) => ({ y: Math.round(all.y + (all.height - box.height) / 2) }),
  bottom: (box, all) => ({ y: bottom(all) - box.height }),
};

// Equal gaps between boxes that keep their order; key → the new position.
export function distribute(boxes, axis) {
  const side = axis === "x" ? "width" : "height";
  const sorted = [...boxes].sort((one, other) => one[axis] - other[axis]);
  const all = bounds(boxes);
  const gap = (all[side] - sorted.reduce((sum, box) => sum + box[side], 0)) / (sorted.length - 1);
  const places = new Map();
  let at = all[axis];
  for (const box of sorted) {
    places.set(box.key, { [axis]: Math.round(at) });
    at += box[side] + gap;
  }
  return places;
}

// Rows first, as one reads; fields whose tops nearly agree are one row.
export function inReadingOrder(one, other) {
  return Math.abs(one.y - other.y) > 6 ? one.y - other.y : one.x - other.x;
}
