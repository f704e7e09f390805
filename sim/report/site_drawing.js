// The site as tiers, from the users to the servers: columns from left to right, or on a telephone
// rows from top to bottom. Who passes on to whom is read from the pools. One square is one machine.
const NARROW = "(max-width: 600px)";

// Pairs of tiers: from, to.
function tierEdges(r, names) {
  return r.pools.flatMap((pool) => {
    const to = new Set(pool.picks.map((p) => (r.nodes.find((n) => n.name === p.member) || {}).tier));
    // A pool is called as its tier, or as its tier with more behind it; proxies2 is none of proxies.
    const [from] = names.filter((name) => pool.name.startsWith(name)).sort((a, b) => b.length - a.length);
    return [...to].filter((tier) => from && tier && tier !== from).map((tier) => [from, tier]);
  });
}

// The names by their longest way from the users: [0] is empty, they are there.
function tierLevels(names, edges) {
  const depth = Object.create(null); // a tier may have any name, such as constructor
  const deepen = (tier, level) => {
    if (level > names.length || depth[tier] >= level) return;
    depth[tier] = level;
    for (const [from, to] of edges) if (from === tier) deepen(to, level + 1);
  };
  for (const name of names) if (!edges.some(([, to]) => to === name)) deepen(name, 1);
  const levels = [[]];
  for (const name of names) (levels[depth[name]] ||= []).push(name);
  return levels;
}

// Where each tier's box is, and its squares: {x, y, width, height, machines, cell, perRow}.
function placedTiers(r, levels, narrow) {
  const boxes = Object.create(null);
  let along = narrow ? 86 : 170; // after the users
  for (const tiers of levels.slice(1)) {
    const width = narrow ? (340 - 14 * (tiers.length - 1)) / tiers.length : 210;
    let across = narrow ? 4 : 24;
    let longest = 0;
    for (const name of tiers) {
      const machines = r.nodes.filter((n) => n.tier === name);
      const cell = machines.length > 140 ? 6.5 : 13;
      const perRow = Math.max(1, Math.floor((width - 26) / cell));
      const height = 56 + Math.ceil(machines.length / perRow) * cell;
      boxes[name] = { x: narrow ? across : along, y: narrow ? along : across, width, height, machines, cell, perRow };
      across += narrow ? width + 14 : height + 28;
      longest = Math.max(longest, height);
    }
    along += narrow ? longest + 38 : width + 60;
  }
  return boxes;
}

function tierBox(svg, run, name, box) {
  const { x, y, width, height, machines, cell, perRow } = box;
  const busiest = machines.some((n) => n.name === run.result.bottleneck.node);
  svg.append(make("rect", { class: "tier" + (busiest ? " bottleneck" : ""), x, y, width, height, rx: 8 }),
    make("text", { x: x + 12, y: y + 20 }, name),
    make("text", { class: "faint", x: x + 12, y: y + 36 }, `${machines.length} × ${machines[0].kind}, ${percent(Math.max(...machines.map((n) => n.utilization_peak)))}`));
  machines.forEach((n, i) => {
    const square = make("rect", {
      x: x + 12 + (i % perRow) * cell, y: y + 46 + Math.floor(i / perRow) * cell, width: cell * 0.77, height: cell * 0.7, rx: cell / 7,
      style: `fill: rgba(var(--heat), ${0.16 + 0.84 * Math.min(1, n.utilization_peak)})`,
    });
    square.append(make("title", {}, `${n.name}: ${resource(n.utilization_of)} ${percent(n.utilization_peak)}`));
    svg.append(square);
  });
}

function siteDrawing(run) {
  const r = run.result;
  const narrow = window.matchMedia(NARROW).matches;
  const names = [...new Set(r.nodes.map((n) => n.tier))];
  const edges = tierEdges(r, names);
  const levels = tierLevels(names, edges);
  const boxes = placedTiers(r, levels, narrow);
  const all = Object.values(boxes);
  const width = Math.max(...all.map((box) => box.x + box.width)) + 6;
  const height = Math.max(...all.map((box) => box.y + box.height)) + 8;
  const svg = make("svg", { class: "site", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": say("site"), style: `max-width: ${Math.round(1.15 * width)}px` });
  const users = narrow ? { x: 4, y: 4, width: 340, height: 44 } : { x: 4, y: 24, width: 106, height: 60 };
  const arrow = (from, to) => {
    const [x1, y1, x2, y2] = narrow ? [from.x + from.width / 2, from.y + from.height, to.x + to.width / 2, to.y]
      : [from.x + from.width, from.y + 30, to.x, to.y + 30];
    const bend = narrow ? `${x1},${(y1 + y2) / 2} ${x2},${(y1 + y2) / 2} ${x2},${y2 - 7}`
      : `${(x1 + x2) / 2},${y1} ${(x1 + x2) / 2},${y2} ${x2 - 7},${y2}`;
    svg.append(make("path", { class: "arrow", d: `M${x1},${y1} C${bend}` }),
      make("path", { class: "head", d: `M${x2},${y2} ` + (narrow ? "l-4.5,-9 h9 z" : "l-9,-4.5 v9 z") }));
  };
  svg.append(make("rect", { class: "tier", ...users, rx: 8 }), make("text", { x: users.x + 14, y: users.y + users.height / 2 + 5 }, say("users")));
  for (const name of levels[1] || []) arrow(users, boxes[name]);
  for (const [from, to] of edges) arrow(boxes[from], boxes[to]);
  for (const name of names) tierBox(svg, run, name, boxes[name]);
  return svg;
}
