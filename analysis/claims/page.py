#!/usr/bin/python3
"""Runs all experiments in their full form; writes docs/claims.md, docs/claims.zh.md and figures."""

import importlib

import experiment

MODULES = ("c01_dns_is_blind", "c02_random", "c03_least_connections", "c04_nat",
           "c05_l4_against_l7", "c06_limits", "c08_ladder",
           "c09_haproxy_and_nginx", "c10_lvs_resources", "c11_nearest_site", "c12_cache")
FIGURES = experiment.ROOT / "docs" / "figures" / "claims"
HEADS = {
    "en": "# Claims about load balancing, tried\n\n"
          "What is often said of load balancing, as experiments: a claim, the verdict with the "
          "numbers that decide it, and a\nfigure. The numbers are those of the scenarios named in "
          "the experiment, not of every site: change the site and run\nit again. Written by "
          "`analysis/claims/page.py`.\n",
    "zh": "# 关于负载均衡的说法，逐条试验\n\n"
          "常见的说法，各作一个试验：说法、结论（附决定结论的数字）和图。数字属于试验所用的场景，并非所有站点："
          "改站点，再运行一次。\n由 `analysis/claims/page.py` 生成。\n",
}
AGAIN = {"en": "Again", "zh": "重做"}


def number(name):
    return f"C{int(name[1:3])}"


def section(name, module, evidence, lang):
    verdict, why = module.judge(evidence)
    said = experiment.VERDICTS[lang][verdict]
    sentence = why[lang][0].upper() + why[lang][1:]
    return (f"\n## {number(name)}. {module.CLAIM[lang]}\n\n**{said[0].upper() + said[1:]}.** "
            f"{sentence}\n\n![{number(name)}](figures/claims/{name}.png)\n\n"
            f"{AGAIN[lang]}: `analysis/claims/{name}.py --full --output FILE.png`\n")


def main():
    experiment.matplotlib.use("Agg")
    FIGURES.mkdir(parents=True, exist_ok=True)
    pages = dict(HEADS)
    for name in MODULES:
        module = importlib.import_module(name)
        evidence = module.measure(full=True)
        experiment.save(module, evidence, FIGURES / f"{name}.png", "en")
        for lang in pages:
            pages[lang] += section(name, module, evidence, lang)
        print(number(name), module.judge(evidence)[0])
    for lang, suffix in (("en", ""), ("zh", ".zh")):
        (experiment.ROOT / "docs" / f"claims{suffix}.md").write_text(pages[lang])


if __name__ == "__main__":
    main()
