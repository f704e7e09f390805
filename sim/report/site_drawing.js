// The site as columns of tiers, from the users to the servers; who passes on to whom is read from
// the pools. One square is one machine.
function siteDrawing(run) {
  const r = run.result;
  const names = [...new Set(r.nodes.map((n) => n.tier))];
  const edges = r.pools.flatMap((pool) => {
    const to = new Set(pool.picks.map((p) => (r.nodes.find((n) => n.name === p.member) || {}).tier));
    const from = names.find((name) => pool.name === name || pool.name.startsWith(name));
    return [...to].filter((tier) => from && tier && tier !== from).map((tier) => [from, tier]);
  });
  const depth = {};
  const deepen = (tier, level) => {
    if (level > names.length || depth[tier] >= level) return;
    depth[tier] = level;
    for (const [from, to] of edges) if (from === tier) deepen(to, level + 1);
  };
  for (const name of names) if (!edges.some(([, to]) => to === name)) deepen(name, 1);
  const columns = [];
  for (const name of names) (columns[depth[name]] ||= []).push(name);
  const width = 210, gap = 60, left = 110, row = 12, perRow = 14;
  const box = {};
  let bottom = 0;
  columns.forEach((tiers, column) => {
    let y = 24;
    for (const name of tiers) {
      const machines = r.nodes.filter((n) => n.tier === name);
      const height = 52 + Math.ceil(machines.length / perRow) * row;
      box[name] = { x: left + gap + (column - 1) * (width + gap), y, height, machines };
      y += height + 28;
    }
    bottom = Math.max(bottom, y);
  });
  const svg = make("svg", { class: "site", viewBox: `0 0 ${left + (columns.length - 1) * (width + gap) + 10} ${bottom}`, role: "img", "aria-label": say("site") });
  const arrow = (x1, y1, x2, y2) => svg.append(
    make("path", { class: "arrow", d: `M${x1},${y1} C${(x1 + x2) / 2},${y1} ${(x1 + x2) / 2},${y2} ${x2 - 7},${y2}` }),
    make("path", { class: "head", d: `M${x2},${y2} l-9,-4.5 v9 z` }));
  const middle = (tier) => box[tier].y + 30;
  svg.append(make("rect", { class: "tier", x: 4, y: 24, width: left - 4, height: 60, rx: 8 }));
  const users = make("text", { x: 18, y: 59 }, say("users"));
  svg.append(users);
  for (const name of names) if (depth[name] === 1) arrow(left, 54, box[name].x, middle(name));
  for (const [from, to] of edges) arrow(box[from].x + width, middle(from), box[to].x, middle(to));
  for (const name of names) {
    const { x, y, height, machines } = box[name];
    const bottleneck = machines.some((n) => n.name === r.bottleneck.node);
    svg.append(make("rect", { class: "tier" + (bottleneck ? " bottleneck" : ""), x, y, width, height, rx: 8 }),
      make("text", { x: x + 12, y: y + 20 }, name),
      make("text", { class: "faint", x: x + 12, y: y + 36 }, `${machines.length} × ${machines[0].kind}, ${percent(Math.max(...machines.map((n) => n.utilization_peak)))}`));
    machines.forEach((n, i) => {
      const square = make("rect", {
        x: x + 12 + (i % perRow) * 13, y: y + 44 + Math.floor(i / perRow) * row, width: 10, height: 9, rx: 2,
        style: `fill: rgba(var(--heat), ${0.12 + 0.88 * Math.min(1, n.utilization_peak)})`,
      });
      square.append(make("title", {}, `${n.name}: ${resource(n.utilization_of)} ${percent(n.utilization_peak)}`));
      svg.append(square);
    });
  }
  return make("div", { class: "table" }, svg);
}
