// What the page says. {0}, {1} are filled in; a word without a translation stands as it is.
const WORDS = {
  en: {
    language: "中文", dark: "Dark", light: "Light", partial: "partial: interrupted",
    holds: "Holds", breaks: "Breaks", decided: "Decided by {0}.",
    setting: "{0}; {1} s simulated on the {2} kernel, seed {3}",
    requests: "Requests", per_second: "{0}/s on average", succeed: "Succeed", attempts: "{0} tries at servers",
    median: "Half within", p99: "99 % within", slowest: "slowest {0}", pages: "Pages complete", of_pages: "of {0}",
    busiest: "Busiest machine", peak_minute: "{0}, {1} in its busiest minute", cost: "Price", per_year: "{0} a year",
    latency: "Latency over time, ms", latency_note: "Milliseconds, of the requests that ended well in each {0} s. The dotted line is the objective, {1} ms at p99.",
    traffic: "Requests over time, per second", traffic_note: "Requests a second that ended in each {0} s.",
    failures_time: "Failures over time, per second", failures_note: "Requests a second that failed in each {0} s, by cause.",
    site: "The site", site_note: "One square a machine, the darker the busier in its busiest minute. Arrows: who passes requests on to whom.",
    failures: "Failures by cause", cause: "Cause", share: "Share", count: "Requests", none_failed: "No request failed.",
    nodes: "Load of the machines", machine: "Machine", tier: "Tier", kind: "Kind", mean: "Mean", peak: "Busiest minute", resource: "Resource", queue: "Longest queue", connections: "Most connections", in: "In", out: "Out",
    pools: "Who was picked", pool: "{0}: {1}", pool_note: "Jain's index {0}; the most loaded got {1} times its share.", weight: "Weight", picks: "Picks", of_share: "Of its share",
    events: "What happened", at: "At", what: "What", nothing_happened: "Nothing but traffic.", more_events: "And {0} more events, in the JSON of the run.",
    notes: "Notes", repeat: "To repeat this", repeat_note: "Version {0}, scenario {1}: the same command gives the same numbers.", scenario: "The scenario, as it was run",
    compare: "Side by side", verdict: "Verdict", all_runs: "p99 latency of all, ms", differences: "Differences to the first", metric: "Metric", difference: "Difference", interval: "95 % interval", real: "Real", yes: "yes", no: "no", unknown: "one run tells not",
    ok: "ended well", timeout: "timed out", refused: "refused", no_server: "no server", server_error: "server error", rate_limited: "rate limited", connection_lost: "connection lost", dns: "no address", unfinished: "unfinished", denied: "denied by a rule",
    users: "users", scenario_name: "Scenario", fail: "Fail",
    open_connections: "open connections", cpu: "CPU", workers: "workers", nic_in: "card, in", nic_out: "card, out",
    zoom: "Drag to zoom, double-click to see all.", time: "Time", sort: "Sort by {0}",
    metric_latency_ms: "{0} latency", metric_error_share: "Share of failures", metric_utilization: "Busiest minute of all machines",
  },
  zh: {
    language: "English", dark: "深色", light: "浅色", partial: "部分结果：运行被中断",
    holds: "达标", breaks: "不达标", decided: "由 {0} 决定。",
    setting: "{0}；{2} 内核模拟 {1} 秒，种子 {3}",
    requests: "请求数", per_second: "平均每秒 {0}", succeed: "成功率", attempts: "对服务器尝试 {0} 次",
    median: "半数请求不超过", p99: "99 % 的请求不超过", slowest: "最慢 {0}", pages: "完整页面", of_pages: "共 {0}",
    busiest: "最忙的机器", peak_minute: "{0}，最忙一分钟 {1}", cost: "购置价", per_year: "每年 {0}",
    latency: "延迟随时间的变化（毫秒）", latency_note: "单位毫秒，为每 {0} 秒内成功结束的请求。虚线为目标：p99 {1} 毫秒。",
    traffic: "请求量随时间的变化（每秒）", traffic_note: "每 {0} 秒内结束的请求，按每秒计。",
    failures_time: "失败随时间的变化（每秒）", failures_note: "每 {0} 秒内失败的请求，按原因、按每秒计。",
    site: "站点", site_note: "一个方块是一台机器，颜色越深，其最忙一分钟越忙。箭头表示请求转给谁。",
    failures: "失败原因", cause: "原因", share: "占比", count: "请求数", none_failed: "没有失败的请求。",
    nodes: "各机器的负载", machine: "机器", tier: "层", kind: "类型", mean: "平均", peak: "最忙一分钟", resource: "资源", queue: "最长队列", connections: "最多连接", in: "流入", out: "流出",
    pools: "选中了谁", pool: "{0}：{1}", pool_note: "Jain 指数 {0}；负载最重者得到其应得份额的 {1} 倍。", weight: "权重", picks: "选中次数", of_share: "与应得之比",
    events: "发生了什么", at: "时间", what: "事件", nothing_happened: "只有流量，别无他事。", more_events: "另有 {0} 个事件，见运行的 JSON。",
    notes: "说明", repeat: "如何重现", repeat_note: "版本 {0}，场景 {1}：同一命令得到同样的数字。", scenario: "实际运行的场景",
    compare: "并列比较", verdict: "结论", all_runs: "各方案的 p99 延迟（毫秒）", differences: "与第一个方案之差", metric: "指标", difference: "差", interval: "95 % 区间", real: "显著", yes: "是", no: "否", unknown: "一次运行不足以判断",
    ok: "成功", timeout: "超时", refused: "被拒绝", no_server: "无可用服务器", server_error: "服务器错误", rate_limited: "被限速", connection_lost: "连接丢失", dns: "解析失败", unfinished: "未结束", denied: "被规则拒绝",
    users: "用户", scenario_name: "场景", fail: "失败率",
    open_connections: "打开的连接", cpu: "CPU", workers: "工作进程", nic_in: "网卡流入", nic_out: "网卡流出",
    zoom: "拖动可放大，双击还原。", time: "时间", sort: "按{0}排序",
    metric_latency_ms: "{0} 延迟", metric_error_share: "失败率", metric_utilization: "最忙机器的最忙一分钟",
    "loses power": "断电", "stops": "停止服务", "is back": "恢复", "changes speed": "速度改变", "loses its link": "链路中断",
    "has its link back": "链路恢复", "changes link bandwidth": "链路带宽改变", "takes the virtual address": "接管虚拟地址",
    "drops the virtual address": "放弃虚拟地址", "hears the virtual address again": "再次收到虚拟地址的通告",
    "answers with errors": "开始以错误应答", "answers as it should": "恢复正常应答",
    "loses all of keepalived": "keepalived 全部进程消失", "loses keepalived's parent process": "keepalived 父进程消失",
    "loses keepalived's VRRP process": "keepalived 的 VRRP 进程消失",
    "stops keepalived": "停止 keepalived", "starts keepalived": "启动 keepalived",
    "is cut off from its tier": "与同层隔离", "is no more cut off": "不再隔离",
    "drops the virtual address": "放弃虚拟地址", "hears the virtual address again": "重新收到虚拟地址的报文",
    "answers with errors": "只回答错误", "answers as it should": "回答恢复正常",
    "loses all of keepalived": "keepalived 进程全部被杀", "loses keepalived's parent process": "keepalived 父进程被杀",
    "loses keepalived's VRRP process": "keepalived 的 VRRP 进程被杀", "stops keepalived": "停止 keepalived", "starts keepalived": "启动 keepalived",
    "is cut off from its tier": "与同层机器失去联系", "is no more cut off": "与同层机器恢复联系",
  },
};
// Events that name who did it: "proxies takes out" servers.3.
const ACTS_ZH = [[/^(.*) takes out$/, "被 $1 摘除"], [/^(.*) puts back$/, "由 $1 恢复"]];
// What was simulated (planning::PreparedRun::window).
const WINDOWS_ZH = [
  [/^(\S+) page views a day; /, "每天 $1 次页面浏览；"], [/the busiest hour, /, "最忙一小时，"], [/, ([\d.]+ %) of the day/, "，占全天 $1"],
  [/^replay of (.*): ([\d,]+) requests over (\d+) s$/, "重放 $1：$3 秒内 $2 个请求"],
  [/^([\d,]+) users at given times, (\d+) s$/, "$2 秒内 $1 个用户按给定时刻到来"], [/: ([\d,]+) requests over (\d+) s$/, "：$2 秒内 $1 个请求"],
];

// The sentence of a verdict in Chinese; in English the program has said it.
function verdictInChinese(verdict, slo, event) {
  const percent = (share, digits) => (share * 100).toFixed(digits) + " %";
  const busiest = `${verdict.busiest} 的 ${resource(verdict.resource)} 在最忙一分钟达到 ${percent(verdict.utilization, 0)}`;
  const because = verdict.cause === "load" ? busiest
    : verdict.cause === "event" && event ? `发生在第 ${event.at_s.toFixed(0)} 秒 ${event.node} ${WORDS.zh[event.what] || event.what} 之后`
    : `并非负载所致：${busiest}`;
  const p99 = verdict.p99_ms.toFixed(0);
  if (verdict.finding === "no_requests") return "没有产生请求：请提高页面浏览量或放宽时间窗口。";
  if (verdict.finding === "too_many_fail") {
    return `${percent(verdict.error_share, 2)} 的请求失败，多为“${WORDS.zh[verdict.largest_failure]}”；${because}。`;
  }
  if (verdict.finding === "too_slow") return `p99 为 ${p99} 毫秒，超过 ${slo.p99_ms} 毫秒；${because}。`;
  return `p99 为 ${p99} 毫秒，不超过 ${slo.p99_ms} 毫秒，失败 ${percent(verdict.error_share, 3)}，不超过 ${percent(slo.error_share, 1)}；最忙的是 ${busiest}。`;
}
