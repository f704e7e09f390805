// The page from top to bottom, and its two switches. Drawn anew when a switch is thrown.
function section(where, head, note, ...children) {
  where.append(make("h2", {}, say(head)));
  if (note) where.append(make("p", { class: "note" }, note));
  where.append(...children);
}

function runSections(run, where) {
  const r = run.result;
  where.append(make("p", { class: "note" }, say("setting", run.window, r.simulated_s.toFixed(0), r.kernel, r.seed)));
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
  section(where, "all_runs", "");
  const p99 = OUTCOMES.length + 3;
  const longest = Math.max(...DATA.runs.map((run) => run.timeline.rows.length));
  chart(where, { plots: [] }, DATA.runs[0], DATA.runs.map((run, i) => ({
    label: `${i + 1}. ${run.result.scenario.name}`,
    values: Array.from({ length: longest }, (_, k) => (run.timeline.rows[k] && run.timeline.rows[k][0] ? run.timeline.rows[k][p99] : null)),
  })), { limit: DATA.slo.p99_ms, format: milliseconds });
  where.append(make("p", { class: "note" }, say("latency_note", DATA.runs[0].timeline.interval_s, DATA.slo.p99_ms)));
  if (DATA.differences.length > 0) {
    section(where, "differences", "", table([
      { head: say("scenario_name"), text: true, value: (d) => d.b },
      { head: say("metric"), text: true, value: (d) => d.metric },
      { head: say("difference"), value: (d) => d.difference, show: (v) => v.toPrecision(4) },
      { head: say("interval"), value: (d) => (d.ci95 === null ? Infinity : d.ci95), show: (v) => (Number.isFinite(v) ? "± " + v.toPrecision(3) : "–") },
      { head: say("real"), text: true, value: (d) => say(d.ci95 === null ? "unknown" : d.real ? "yes" : "no") },
    ], DATA.differences));
  }
}

function draw() {
  for (const plot of state.charts) plot.destroy();
  state.charts = [];
  document.documentElement.lang = state.language;
  document.getElementById("language").textContent = say("language");
  const dark = document.documentElement.dataset.theme === "dark";
  document.getElementById("theme").textContent = say(dark ? "light" : "dark");
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
  section(page, "repeat", say("repeat_note", DATA.version, DATA.runs.map((run) => run.result.scenario.sha256.slice(0, 12)).join(", ")), make("pre", {}, DATA.command));
}

const prefersDark = window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.dataset.theme = prefersDark ? "dark" : "light";
document.getElementById("language").addEventListener("click", () => {
  state.language = state.language === "en" ? "zh" : "en";
  draw();
});
document.getElementById("theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  draw();
});
// Paper is white.
window.addEventListener("beforeprint", () => {
  state.themeOnScreen = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
  draw();
});
window.addEventListener("afterprint", () => {
  document.documentElement.dataset.theme = state.themeOnScreen;
  draw();
});
draw();
