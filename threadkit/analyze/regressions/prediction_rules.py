"""The rules for warnings: data, no code. The classes hold exact word forms."""

from __future__ import annotations

from threadkit.analyze.regressions.prose_match import Rule

CLASSES = {
    "WILL": "will going gonna it'll that'll this'll they'll we'll 'll",
    "MIGHT": "would could might may can wouldn't couldn't it'd that'd this'd",
    "BREAK": "break regress corrupt hurt bite surprise blow misbehave upset",
    "CRASH": "crash deadlock hang oops panic explode leak",
    "BROKEN": "broken surprised bitten bite corrupted upset unhappy",
    "TROUBLE": "regression regressions breakage corruption trouble problems deadlock deadlocks"
    " crashes crash hang hangs leak leaks slowdown slowdowns",
    "WORRY": "worried worred worries worry worrying afraid fear scared concerned concern nervous",
    "THIS": "this that it change patch patches series approach removing which",
    "WHOM": "users user userspace user-space abi uabi api existing applications apps some most"
    " everyone everybody people things any every all rdma drivers systems software",
}

RULES = (
    Rule("prediction", "prediction.will-break", 0.7, (
        "WILL ~3 BREAK", "bound|likely|guaranteed|sure to ~2 BREAK", "WILL ~3 be ~4 TROUBLE|BROKEN", "WILL ~2 cause|introduce|create|trigger "
        "~5 TROUBLE", "WILL ~2 lead|result|turn to|in|into ~4 TROUBLE",
        "THIS ~2 WILL ~2 CRASH|fail", "going to ~7 TROUBLE", "won't ~2 BREAK",
    ), key="BREAK|TROUBLE|BROKEN|CRASH|fail"),
    Rule("prediction", "prediction.risk", 0.75, (
        "risk|risks|risking ~3 breaking|regressing|corrupting|TROUBLE", "risk|risks|risking ~1 losing ~2 data|writes|memory|updates|pages", "at risk", "at regression|serious|high|real risk", "at the risk of ~2 breaking|regressing|TROUBLE",
        "regression risk|risks", "danger of ~2 breaking|regressing|corrupting|losing|TROUBLE",
        "recipe for ~3 TROUBLE|disaster", "regression potential",
    ), key="breaking|regressing|corrupting|losing|TROUBLE|risk|risks|disaster|potential"),
    Rule("prediction", "prediction.worry", 0.6, (
        "WORRY ~9 break|breaks|breaking|regress|TROUBLE", "WORRY ~1 what ~4 see|happen|happens",
        "expect|bet|suspect|guess|think|thinking|believe ~4 WILL ~5 BREAK|TROUBLE",
    ), key="break|breaks|breaking|regress|TROUBLE|BREAK|see|happen|happens"),
    Rule("prediction", "prediction.might", 0.45, (
        "MIGHT ~2 BREAK", "MIGHT ~2 be ~4 BROKEN|TROUBLE", "MIGHT ~2 cause|introduce|create|trigger|mean "
        "~4 TROUBLE", "MIGHT ~2 lead|result to|in ~4 TROUBLE", "THIS ~2 MIGHT ~2 CRASH",
    ), key="BREAK|BROKEN|TROUBLE|CRASH"),
    Rule("prediction", "prediction.breaks", 0.4, (
        "THIS ~1 breaks|regresses ~2 WHOM", "doesn't ~2 break ~2 WHOM",
        "you|we are|will? breaking ~2 WHOM",
    ), key="breaks|regresses|break|breaking"),
)  # fmt: skip
