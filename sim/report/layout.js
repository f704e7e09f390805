// The page from top to bottom, and its two switches. Drawn anew when a switch is thrown.
function section(where, head, note, ...children) {
  where.append(make("h2", {}, say(head)));
  if (note) where.append(make("p", { class: "note" }, note));
  where.append(...children);
}

function runSections(run, where) {
  const r = run.result;
  where.append(make("p", { class: "note" }, say("setting", sayWindow(run.window), r.simulated_s.toFixed(0), r.kernel, r.seed)));
  if (r.partial) where.append(make("p", {}, make("strong", {}, say("partial"))));
  where.append(verdictBox(run), tiles(run));
  section(where, "site", say("site_note"), siteDrawing(run));
  charts(run, where);
  section(where, "failures", "", failures(run));
  section(where, "events", "", events(run));
  section(where, "nodes", "", nodes(run));
  if (r.pools.length > 0) {
    section(where, "pools", "");
    pools(run, where);
  }
  if (r.notes.length > 0) section(where, "notes", "", ...r.notes.map((note) => make("p", {}, note)));
  where.append(make("details", {}, make("summary", {}, say("scenario")), make("pre", {}, run.scenario)));
}

// "latency_ms_p99" in words, and what its numbers look like.
function metricName(metric) {
  const [, kind, which] = metric.match(/^(latency_ms|utilization|error_share)_?(\w*)$/) || [];
  return kind ? say(`metric_${kind}`, which === "mean" ? say("mean") : which.replace("p999", "p99.9")) : metric;
}
const inUnit = (metric) => (metric.startsWith("latency_ms") ? (v) => v.toFixed(2) + " ms" : (v) => percent(v, 3));
const signed = (v, show) => (v < 0 ? "−" : v > 0 ? "+" : "") + show(Math.abs(v));

function comparison(where) {
  where.append(make("h1", {}, say("compare")));
  where.append(table([
    { head: say("scenario_name"), text: true, value: (run) => run.result.scenario.name },
    { head: say("verdict"), text: true, value: (run) => say(run.verdict.holds ? "holds" : "breaks") },
    { head: say("requests"), value: (run) => run.result.requests.generated, show: grouped },
    { head: say("fail"), value: (run) => run.verdict.error_share, show: (v) => percent(v, 3) },
    { head: "p50", value: (run) => run.result.latency_ms.p50, show: milliseconds },
    { head: "p99", value: (run) => run.result.latency_ms.p99, show: milliseconds },
    { head: say("busiest"), text: true, value: (run) => run.result.bottleneck.node },
    { head: say("peak"), value: (run) => run.result.bottleneck.utilization, show: (v) => percent(v), load: true },
    { head: say("cost"), value: (run) => run.result.cost.capex_cny, show: yuan },
  ], DATA.runs));
  const p99 = OUTCOMES.length + 3;
  const longest = Math.max(...DATA.runs.map((run) => run.timeline.rows.length));
  chartSection(where, say("all_runs"), say("latency_note", DATA.runs[0].timeline.interval_s, DATA.slo.p99_ms), { plots: [] }, DATA.runs[0], DATA.runs.map((run, i) => ({
    label: `${i + 1}. ${run.result.scenario.name}`,
    values: Array.from({ length: longest }, (_, k) => (run.timeline.rows[k] && run.timeline.rows[k][0] ? run.timeline.rows[k][p99] : null)),
  })), { limit: DATA.slo.p99_ms, format: milliseconds });
  if (DATA.differences.length > 0) {
    section(where, "differences", "", table([
      { head: say("scenario_name"), text: true, value: (d) => d.b },
      { head: say("metric"), text: true, value: (d) => metricName(d.metric) },
      { head: say("difference"), value: (d) => d.difference, show: (v, d) => signed(v, inUnit(d.metric)) },
      { head: say("interval"), value: (d) => (d.ci95 === null ? Infinity : d.ci95), show: (v, d) => (Number.isFinite(v) ? "± " + inUnit(d.metric)(v) : "–") },
      { head: say("real"), text: true, value: (d) => say(d.ci95 === null ? "unknown" : d.real ? "yes" : "no") },
    ], DATA.differences));
  }
}

// After a change of the theme: what is not coloured by the style sheet.
function dress() {
  const dark = document.documentElement.dataset.theme === "dark";
  document.getElementById("theme").textContent = say(dark ? "light" : "dark");
  for (const plot of state.charts) plot.updateOptions(colours(plot.numColumns() - 1));
}

function draw() {
  for (const plot of state.charts) plot.destroy();
  state.charts = [];
  document.documentElement.lang = state.language;
  document.getElementById("language").textContent = say("language");
  dress();
  document.title = DATA.runs.map((run) => run.result.scenario.name).join(" · ") + " – lbsim";
  const page = document.getElementById("page");
  page.replaceChildren();
  if (DATA.runs.length > 1) comparison(page);
  for (const run of DATA.runs) {
    if (DATA.runs.length === 1) {
      page.append(make("h1", {}, run.result.scenario.name));
      runSections(run, page);
      continue;
    }
    const details = make("details", { class: "run" }, make("summary", {}, run.result.scenario.name));
    // A chart needs its size, which it has once it is seen.
    details.addEventListener("toggle", () => details.open && details.children.length === 1 && runSections(run, details));
    page.append(details);
  }
  section(page, "repeat", say("repeat_note", DATA.version, DATA.runs.map((run) => run.result.scenario.sha256.slice(0, 12)).join(", ")), make("pre", { class: "command" }, DATA.command));
}

const prefersDark = window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.dataset.theme = prefersDark ? "dark" : "light";
document.getElementById("language").addEventListener("click", () => {
  state.language = state.language === "en" ? "zh" : "en";
  draw();
});
document.getElementById("theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  dress();
});
window.matchMedia(NARROW).addEventListener("change", (media) => state.printing || draw());

// Paper is white, has a width of its own, and nobody can open anything on it.
const PAPER_PIXELS = 700; // what A4 and letter have room for between their margins, in CSS pixels
window.addEventListener("beforeprint", () => {
  state.printing = { theme: document.documentElement.dataset.theme, opened: [] };
  document.documentElement.dataset.theme = "light";
  dress();
  for (const box of document.querySelectorAll(".chart")) {
    if (box.clientWidth) box.style.setProperty("--to-paper", PAPER_PIXELS / box.clientWidth);
  }
  if (DATA.runs.length > 1) return;
  state.printing.opened = [...document.querySelectorAll("details:not([open])")];
  for (const details of state.printing.opened) details.open = true;
});
window.addEventListener("afterprint", () => {
  document.documentElement.dataset.theme = state.printing.theme;
  for (const details of state.printing.opened) details.open = false;
  state.printing = null;
  dress();
});
draw();
