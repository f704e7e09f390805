const DATA = JSON.parse(document.getElementById("data").textContent);
// After Okabe and Ito's colours, which the colour-blind can tell apart, darker or lighter where the
// paper asks for it (a contrast of 3, as WCAG 2.1 has it for graphics); dashes tell them apart in
// print.
const COLOURS = {
  light: ["#0072B2", "#D55E00", "#00875F", "#B85A90", "#A66F00", "#2F86B8", "#7A7000", "#707070"],
  dark: ["#56B4E9", "#FF8A4C", "#2CC295", "#E08FBE", "#E69F00", "#3D96D0", "#F0E442", "#B0B0B0"],
};
const DASHES = [null, [7, 3], [2, 2], [7, 2, 2, 2], [12, 3], [4, 4], [1, 3], [9, 2]];
const OUTCOMES = DATA.outcomes; // the first columns of a timeline's rows; "ok" is the first of them
const state = { language: /^zh/.test(navigator.language) ? "zh" : "en", charts: [] };

function say(key, ...parts) {
  const words = WORDS[state.language];
  const text = Object.hasOwn(words, key) ? words[key] : key;
  return text.replace(/\{(\d)\}/g, (_, i) => parts[i]);
}
// What the program has put into words, in the reader's language.
function sayWindow(window) {
  if (state.language === "en") return window;
  return WINDOWS_ZH.reduce((text, [pattern, words]) => text.replace(pattern, words), window);
}
function sayEvent(what) {
  if (state.language === "en") return what;
  const act = ACTS_ZH.find(([pattern]) => pattern.test(what));
  return act ? what.replace(act[0], act[1]) : say(what);
}

// Text goes in as text: what a scenario calls its machines is never markup.
function make(tag, attributes, ...children) {
  const svg = ["svg", "rect", "text", "path", "g", "title"].includes(tag);
  const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
  for (const child of children) node.append(child);
  return node;
}

const grouped = (n) => Math.round(n).toLocaleString("en-US");
const percent = (share, digits = 1) => (share * 100).toFixed(digits) + " %";
const milliseconds = (ms) => ms.toFixed(ms < 10 ? 2 : ms < 1000 ? 1 : 0) + " ms";
const rate = (n) => (n < 10 ? n.toFixed(2) : grouped(n));
const yuan = (n) => "¥" + grouped(n);
function yuanShort(n) {
  if (n < 1e6) return yuan(n);
  return state.language === "zh" ? yuan(n / 1e4) + " 万" : "¥" + Number((n / 1e6).toPrecision(4)) + " M";
}
function bytes(n) {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let i = 0;
  for (; n >= 1000 && i < 5; ++i) n /= 1000;
  return n.toFixed(i === 0 || n >= 100 ? 0 : 1) + " " + units[i];
}
function clock(seconds) {
  const s = Math.floor(seconds + 1e-6);
  const two = (n) => String(n).padStart(2, "0");
  return two(Math.floor(s / 3600) % 24) + ":" + two(Math.floor(s / 60) % 60) + (s % 60 ? ":" + two(s % 60) : "");
}

// Marks of the time of day at round distances, as many as have room.
function timeMarks(from, to, pixels) {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600];
  const room = Math.max(2, pixels / 80);
  const step = steps.find((s) => (to - from) / s <= room) || 43200;
  const marks = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) marks.push({ v: at, label: clock(at) });
  return marks;
}
const resource = (name) => say(name === "connections" ? "open_connections" : name);

// ---- tables: a column is {head, text?, value(row), show?(value, row), load?} ----
function table(columns, rows, tall) {
  const body = make("tbody");
  const heads = columns.map((column, i) => {
    const head = make("th", { tabindex: "0", title: say("sort", column.head), ...(column.text && { class: "text" }) }, column.head);
    const sort = () => {
      const down = head.getAttribute("aria-sort") === "descending" || (column.text && head.getAttribute("aria-sort") !== "ascending");
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "ascending" : "descending");
      fill(i, down ? 1 : -1);
    };
    head.addEventListener("click", sort);
    head.addEventListener("keydown", (event) => event.key === "Enter" && sort());
    return head;
  });
  function fill(by, direction) {
    const order = rows.slice();
    if (by !== undefined) {
      const value = columns[by].value;
      const collator = new Intl.Collator("en", { numeric: true });
      order.sort((a, b) => direction * (columns[by].text ? collator.compare(value(a), value(b)) : value(a) - value(b)));
    }
    body.replaceChildren(...order.map((row) => make("tr", {}, ...columns.map((column) => {
      const value = column.value(row);
      const cell = make("td", column.text ? { class: "text" } : {}, column.show ? column.show(value, row) : String(value));
      if (column.load) {
        cell.className = "load";
        cell.style.setProperty("--part", Math.min(100, value * 100) + "%");
      }
      return cell;
    }))));
  }
  fill();
  return make("div", { class: tall ? "table tall" : "table" }, make("table", {}, make("thead", {}, make("tr", {}, ...heads)), body));
}

// ---- charts: all of a run zoom together ----
function colours(count) {
  const line = getComputedStyle(document.documentElement).getPropertyValue("--line");
  const own = COLOURS[document.documentElement.dataset.theme];
  return { colors: Array.from({ length: count }, (_, i) => own[i % own.length]), axisLineColor: line, gridLineColor: line };
}

// A chart with its heading and what is to be known about it, on one page when printed.
function chartSection(where, head, note, ...what) {
  const whole = make("section", { class: "keep" }, make("h2", {}, head));
  where.append(whole);
  chart(whole, ...what);
  whole.append(make("p", { class: "note" }, note, " ", make("span", { class: "on-screen" }, say("zoom"))));
}

function chart(where, group, run, series, options = {}) {
  const box = make("div", { class: "chart" });
  const legend = make("div", { class: "legend" });
  const start = run.result.window_start_s;
  const ink = getComputedStyle(document.documentElement);
  where.append(legend, box);
  const labels = [say("time"), ...series.map((s) => s.label)];
  const plot = new Dygraph(box, series[0].values.map((_, i) => [start + i * run.timeline.interval_s, ...series.map((s) => s.values[i])]), {
    labels,
    labelsDiv: legend,
    legend: "always",
    ...colours(series.length),
    series: Object.fromEntries(series.map((s, i) => [s.label, { strokePattern: DASHES[i % DASHES.length] }])),
    strokeWidth: 1.6,
    includeZero: true,
    xAxisHeight: 26,
    highlightCircleSize: 3,
    stackedGraph: false,
    axes: {
      x: { ticker: timeMarks, axisLabelFormatter: clock, valueFormatter: clock, axisLabelWidth: 64 },
      y: { valueFormatter: options.format || ((v) => v.toFixed(2)), axisLabelWidth: 56 },
    },
    underlayCallback: (canvas, area, graph) => {
      canvas.save();
      if (options.limit) {
        const y = graph.toDomYCoord(options.limit);
        canvas.strokeStyle = ink.getPropertyValue("--faint");
        canvas.setLineDash([2, 4]);
        canvas.beginPath();
        canvas.moveTo(area.x, y);
        canvas.lineTo(area.x + area.w, y);
        canvas.stroke();
      }
      canvas.strokeStyle = ink.getPropertyValue("--bad");
      canvas.setLineDash([]);
      for (const event of run.result.events) {
        const x = graph.toDomXCoord(start + event.at_s);
        if (x < area.x || x > area.x + area.w) continue;
        canvas.globalAlpha = Math.max(0.1, Math.min(0.5, 5 / run.result.events.length));
        canvas.beginPath();
        canvas.moveTo(x, area.y);
        canvas.lineTo(x, area.y + area.h);
        canvas.stroke();
      }
      canvas.restore();
    },
    drawCallback: (graph, first) => {
      if (first || group.busy) return;
      group.busy = true;
      const range = graph.xAxisRange();
      for (const other of group.plots) if (other !== graph) other.updateOptions({ dateWindow: range });
      group.busy = false;
    },
  });
  group.plots.push(plot);
  state.charts.push(plot);
}

function verdictBox(run) {
  const v = run.verdict;
  const words = state.language === "zh" ? verdictInChinese(v, DATA.slo, run.result.events[0]) : v.why + ".";
  return make("div", { class: "verdict " + (v.holds ? "holds" : "breaks") },
    make("strong", {}, say(v.holds ? "holds" : "breaks")), " ", words, make("div", { class: "note" }, say("decided", v.decides)));
}

function tile(head, value, note) {
  return make("div", { class: "tile" }, make("span", {}, head), make("b", {}, value), make("small", {}, note || ""));
}

function tiles(run) {
  const r = run.result;
  const l = r.latency_ms;
  const made = r.requests.generated;
  const list = [
    tile(say("requests"), grouped(made), say("per_second", rate(made / Math.max(r.simulated_s, 1e-9)))),
    tile(say("succeed"), percent(made ? r.requests.ok / made : 1, 3), say("attempts", grouped(r.requests.attempts))),
    tile(say("median"), milliseconds(l.p50)),
    tile(say("p99"), milliseconds(l.p99), say("slowest", milliseconds(l.max))),
  ];
  if (r.page_views.started) list.push(tile(say("pages"), percent(r.page_views.complete / r.page_views.started, 2), say("of_pages", grouped(r.page_views.started))));
  list.push(tile(say("busiest"), r.bottleneck.node || "–", say("peak_minute", resource(r.bottleneck.resource), percent(r.bottleneck.utilization))));
  if (r.cost.capex_cny > 0) list.push(tile(say("cost"), yuanShort(r.cost.capex_cny), say("per_year", yuanShort(r.cost.opex_cny_per_year))));
  return make("div", { class: "tiles" }, ...list);
}

function charts(run, where) {
  const group = { plots: [], busy: false };
  const t = run.timeline;
  const column = (i) => t.rows.map((row) => (row[0] ? row[i] : null));
  const first = OUTCOMES.length;
  chartSection(where, say("latency"), say("latency_note", t.interval_s, DATA.slo.p99_ms), group, run, [
    { label: "p50", values: column(first + 1) }, { label: "p99", values: column(first + 3) }, { label: "p90", values: column(first + 2) },
  ], { limit: DATA.slo.p99_ms, format: milliseconds });
  const all = (row) => OUTCOMES.reduce((sum, _, i) => sum + row[i], 0);
  chartSection(where, say("traffic"), say("traffic_note", t.interval_s), group, run,
    [{ label: say("requests"), values: t.rows.map((row) => all(row) / t.interval_s) }], { format: (v) => rate(v) + "/s" });
  const causes = OUTCOMES.map((name, i) => ({ name, i })).filter(({ i }) => i > 0 && t.rows.some((row) => row[i] > 0));
  if (causes.length === 0) return;
  chartSection(where, say("failures_time"), say("failures_note", t.interval_s), group, run,
    causes.map(({ name, i }) => ({ label: say(name), values: t.rows.map((row) => row[i] / t.interval_s) })), { format: (v) => rate(v) + "/s" });
}

function failures(run) {
  const requests = run.result.requests;
  const rows = Object.entries(requests.failed).filter(([, n]) => n > 0);
  if (rows.length === 0) return make("p", {}, say("none_failed"));
  return table([
    { head: say("cause"), text: true, value: ([name]) => say(name) },
    { head: say("count"), value: ([, n]) => n, show: grouped },
    { head: say("share"), value: ([, n]) => n / requests.generated, show: (v) => percent(v, 4) },
  ], rows);
}

function nodes(run) {
  return table([
    { head: say("machine"), text: true, value: (n) => n.name },
    { head: say("kind"), text: true, value: (n) => n.kind },
    { head: say("requests"), value: (n) => n.requests, show: grouped },
    { head: say("resource"), text: true, value: (n) => resource(n.utilization_of) },
    { head: say("mean"), value: (n) => n.utilization, show: (v) => percent(v), load: true },
    { head: say("peak"), value: (n) => n.utilization_peak, show: (v) => percent(v), load: true },
    { head: say("queue"), value: (n) => n.queue_max, show: grouped },
    { head: say("connections"), value: (n) => n.connections_max, show: grouped },
    { head: say("in"), value: (n) => n.bytes_in, show: bytes },
    { head: say("out"), value: (n) => n.bytes_out, show: bytes },
  ], run.result.nodes, true);
}

function pools(run, where) {
  for (const pool of run.result.pools) {
    const picks = pool.picks.reduce((sum, p) => sum + p.picks, 0);
    const weights = pool.picks.reduce((sum, p) => sum + p.weight, 0);
    where.append(make("h3", {}, say("pool", pool.name, pool.algorithm)),
      make("p", { class: "note" }, say("pool_note", pool.jain.toFixed(4), pool.max_over_mean.toFixed(3))),
      table([
        { head: say("machine"), text: true, value: (p) => p.member },
        { head: say("weight"), value: (p) => p.weight },
        { head: say("picks"), value: (p) => p.picks, show: grouped },
        { head: say("of_share"), value: (p) => (picks && p.weight ? (p.picks * weights) / (picks * p.weight) : 0), show: (v) => percent(v, 2) },
      ], pool.picks, true));
  }
}

function events(run) {
  if (run.result.events.length === 0) return make("p", {}, say("nothing_happened"));
  const most = 500;
  const list = make("div", { class: "time" });
  for (const event of run.result.events.slice(0, most)) {
    list.append(make("span", {}, `${clock(run.result.window_start_s + event.at_s)} (+${event.at_s.toFixed(3)} s)`), make("span", {}, `${event.node} ${sayEvent(event.what)}`));
  }
  const left = run.result.events.length - most;
  const more = make("p", { class: "note" }, left > 0 ? say("more_events", grouped(left)) : "");
  return make("div", {}, make("div", run.result.events.length > 14 ? { class: "tall" } : {}, list), more);
}
