"""The rules for reports, and for what belongs to them, in prose: data, no code.

The classes hold exact word forms of English and of the kernel lists' idiom. Scores are what
the rule is worth alone; a mail is judged by all of its signals together.
"""

from __future__ import annotations

from threadkit.analyze.regressions.prose_match import Rule

CLASSES = {
    "BE": "is are was were be been being it's that's isn't wasn't aren't i'm we're remains remain",
    "CHANGE": "commit patch patches change changes series merge patchset commits revert rewrite"
    " rework",
    "THIS": "this that it which these",
    "BREAKS": "breaks broke regresses regressed broken-by",
    "BREAKING": "breaking regressing",
    "MINE": "my our all any most every userspace several both certain booting boot suspend",
    "CRASHES": "crash crashes crashed crashing hang hangs hung hanging freeze freezes froze frozen"
    " freezing panic panics panicked panicking oops oopses oopsed deadlock deadlocks deadlocked"
    " lockup lockups stall stalls stalled corrupts corrupted reboots segfaults segfault explodes",
    "FAILS": "fail fails failed failing",
    "TROUBLE": "problem problems issue issues error errors corruption regression regressions bug"
    " breakage failure failures warning warnings slowdown leak storm oom-killer",
    "WORK": "work works working boot boots booting function functions functioning connect connects"
    " respond responds compile compiles compiling build builds building start starts resume"
    " resumes resuming suspend detect detects mount mounts recognize recognizes load loads pass"
    " passes come comes run runs",
    "WORKED": "worked booted functioned passed compiled built ran connected succeeded resumed",
    "FINE": "fine ok okay unaffected clean correct correctly properly normally successfully perfectly"
    " good",
    "BAD": "bad broken affected buggy failing fails hangs crashes unusable worse",
    "PERCEIVE": "have has found find see seeing saw noticed notice hit hitting observed observe"
    " observing experiencing experienced getting got discovered encountered encountering reported"
    " facing spotted",
    "CAUSES": "cause causes caused causing introduce introduces introduced introducing trigger"
    " triggers triggered triggering bring brings brought exposes exposed",
    "UPGRADE": "upgrade upgrading upgraded upgrades update updating updated updates switching"
    " switched moving moved rebased rebasing",
    "SINCE": "since after starting from",
    "HAPPENING": "happening failing crashing hanging occurring seeing getting breaking flashing"
    " showing appearing misbehaving freezing panicking",
    "REVERT": "revert reverting reverted reverts backing backed dropping dropped undoing removing",
    "HELPS": "fix fixes fixed fixing help helps helped restore restores restored makes made solve"
    " solves solved resolve resolves resolved cure cures cured unbreaks unbreak gone disappear"
    " disappears disappeared",
    "BISECT": "bisect bisected bisecting bisection bisects bisections tracked traced narrowed",
    "CULPRIT": "culprit cause offender offending bad blame responsible problematic",
    "BLAMED": "incriminated offending guilty blamed suspected",
    "SENT": "sent posted submitted send",
    "NUMBER": "1 2 3 4 5 6 7 8 9 10 11 12",
}

_R, _W, _F = "report", "works", "fails"

REPORTS = (
    Rule("report", "report.stopped", 0.85, (
        "stopped|stops|stop|ceased|ceases|quit working|functioning|booting|responding|connecting|"
        "building|compiling|resuming|detecting|recognizing",
    ), key="stopped|stops|stop|ceased|ceases|quit"),
    Rule("report", "report.no-longer", 0.8, (
        "no longer ~1 WORK",
        "doesn't|don't|didn't|can't|cannot|won't|isn't|not ~2 WORK|possible ~4 anymore",
        "doesn't|don't|didn't|can't|cannot|won't|isn't|not ~2 WORK|possible ~3 any more",
    ), says_not=True),
    Rule("report", "report.used-to", 0.75, (
        "used to ~1 WORK",
        "WORKED ~4 before|previously|prior|past|earlier",
        "never FAILS|CRASHES|happened|occurred ~1 before",
        "which|that never FAILS|CRASHES|happened|occurred",
        "working before",
    ), says_not=True),
    Rule("report", "report.breaks", 0.7, (
        "CHANGE ~5 BREAKS|BREAKING", "@commit ~3 BREAKS|BREAKING",
        "THIS has|have? ~1 BREAKS MINE|@release", "BREAKS|broken by CHANGE|@commit",
        "CHANGE|@commit has|have|seems|seem ~3 broken|break",
    ), key="BREAKS|BREAKING|broken|break"),
    Rule("report", "report.breaks-it", 0.35, (
        "THIS BREAKS the|for|some|it|on|in|here|with|when|again|at", "BREAKS for ~1 me|us|users|people",
        "did|does|do ~4 break|regress",
    ), key="BREAKS|break|regress"),
    Rule("report", "report.broken", 0.4, (
        "BE ~2 broken", "broken since|in|on|with|after|for|from",
        "seems|looks|appears|got|become|becomes ~2 broken",
    ), key="broken"),
    Rule("report", "report.regression", 0.75, (
        "PERCEIVE ~6 regression", "found|see|seeing|noticed|hit|observed|reported ~4 regressions",
        "CAUSES ~5 regression|regressions",
        "regression|regressions in|on|since|from|between|going|with|of ~4 @release|@commit",
        "regression|regressions CAUSES by",
        "there's|there was|is|are|were? ~2 regression|regressions",
    ), key="regression|regressions"),
    Rule("report", "report.is-regression", 0.5, (
        "BE ~4 regression", "looks|look|seems like ~3 regression", "turns|turned out ~5 regression",
    ), key="regression"),
    Rule("report", "report.mention", 0.15, (
        "regression|regressions|regressed|regresses|regressing",
    )),
    Rule("report", "report.since", 0.75, (
        "TROUBLE|CRASHES|FAILS|BREAKS|broken ~8 since|after ~5 @release|@commit|UPGRADE|changes",
        "since|after ~5 @release|@commit|UPGRADE ~9 CRASHES|FAILS|TROUBLE|broken|stopped|started|"
        "noticed|see",
        "TROUBLE|CRASHES|FAILS since|after ~3 @release|@commit",
        "TROUBLE ~1 since the|that|this|updating|upgrading|then|last",
    ), key="CRASHES|FAILS|TROUBLE|BREAKS|broken|started|noticed|see"),
    Rule("report", "report.started", 0.6, (
        "started|starts|began|start ~1 HAPPENING", "started|began to ~1 FAILS|CRASHES|happen",
    ), key="started|starts|began|start"),
    Rule("report", "report.upgrade", 0.55, (
        "after|since|when|upon ~3 UPGRADE ~5 @release", "UPGRADE ~3 from ~2 @release",
        "after|since ~2 UPGRADE to ~4",
        "UPGRADE|rebased ~5 to|onto ~3 @release",
    ), key="UPGRADE|rebased"),
    Rule("report", "report.causes", 0.7, (
        "CHANGE|@commit ~6 causing|causes|caused ~5 TROUBLE|CRASHES|BREAKS",
        "CHANGE|@commit ~4 leads|led|results|resulted|resulting ~2 to|in ~5 TROUBLE|CRASHES",
        "BE ~2 causing ~6 TROUBLE|CRASHES|FAILS",
    ), key="causing|causes|caused|leads|led|results|resulted|resulting"),
    Rule("report", "report.not-working", 0.35, (
        "doesn't|don't|didn't|can't|cannot|won't|not|isn't ~2 WORK",
        "fails|failed|failing|fail to ~1 WORK",
        "unable to ~1 WORK|boot|use",
        "BE ~1 unusable|inoperative|unbootable|non-functional|nonfunctional|dead",
    ), key="unusable|inoperative|fails|failed|failing|unable|doesn't|don't|didn't|can't|cannot|won't|"
            "not|isn't", says_not=True),
    Rule("report", "report.inoperative", 0.6, (
        "inoperative|unusable|unbootable|non-functional",
    )),
    Rule("report", "report.fails", 0.25, (
        "CRASHES", "fails|failing|failed",
    )),
    Rule("report", "report.slower", 0.5, (
        "performance|throughput|latency|latencies|bandwidth|latencies ~2 regression|regressions|drop|"
        "degradation|regressed|dropped|degraded",
        "increase in ~2 latency|latencies|runtime|time",
        "times|x|% ~1 slower|worse",
    ), key="regression|regressions|drop|degradation|regressed|dropped|degraded|increase|slower|worse"),
    Rule("report", "report.issue", 0.35, (
        "i|we|i've|we've|i'm|we're|our|my ~3 have|has|see|seeing|hit|hitting|found|noticed|observed|get|"
        "getting|facing|experiencing ~6 issue|issues|problem|problems|corruption|failure|failures|errors",
    ), key="issue|issues|problem|problems|corruption|failure|failures|errors"),
    Rule("report", "report.same", 0.65, (
        "i|i've|i'm|we|we've|we're|my|our ~4 same|similar ~1 issue|problem|regression|symptoms|symptom|bug|"
        "crash|hang",
        "same ~1 issue|problem|regression|bug|crash|hang here|too|on|under",
        "i|i've|we|we've ~1 also ~1 see|seeing|hit|hitting|observed|observe|experiencing|experience|"
        "experienced|noticed|encountered|reproduce ~6 TROUBLE", "my|our ~6 BE also affected", "me too .",
    ), key="same|similar|also|too"),
    Rule("report", "report.same-this", 0.45, (  # of what is not said: it need not be trouble
        "i|i've|we|we've ~1 also ~1 see|seeing|hit|hitting|observed|observe|experiencing|experience|"
        "experienced|noticed|encountered|reproduce ~6 it|this",
    ), key="also"),
    Rule("report", "report.same-word", 0.2, (
        "same ~1 issue|problem|regression|symptoms|symptom|bug|crash|hang|here",
        "also|too ~2 see|seeing|hit|hitting|observed|observe|experiencing|experience|affected ~6 TROUBLE",
        "similar ~1 issue|problem|symptoms|regression|failure", "BE also affected", "affected too|here",
    ), key="same|also|too|similar|affected"),
)  # fmt: skip

RELEASES = (
    Rule("works", "works.in", 0.8, (
        "WORKED|works|boots|booting|FINE ~3 in|on|with|under|until|till|before ~3 @release",
        "@release WORKED|works|boots|passes|worked", "@release also? BE|seems|seem ~3 FINE|unaffected",
        "good : @release", "last ~2 good|working|known ~4 @release",
        "downgrading|downgrade|downgraded ~1 to ~2 @release", "reverting|going back to ~2 @release",
        "up to and including @release ~2 works|worked|fine|good",
        "up to and including @release",
    ), key="WORKED|works|working|boots|booting|FINE|passes|unaffected|good|downgrading|downgrade|"
            "downgraded|going|last|reverting"),
    Rule("fails", "fails.in", 0.75, (
        "BAD|FAILS|CRASHES|TROUBLE|BREAKS|inoperative|unusable ~4 in|on|with|under|since|after ~4 "
        "@release",
        "regression|regressions of|in|on|with|since ~4 @release",
        "@release also? FAILS|CRASHES|BREAKS|affected", "@release BE ~3 BAD",
        "@release shows|show|has|exhibits ~3 TROUBLE",
        "bad : @release",
        "stopped|stops ~4 in|on|with|since|after ~3 @release",
        "doesn't|don't|not|won't|can't|cannot ~3 WORK ~3 in|on|with|under|since|after ~3 @release",
        "happen|happens|happening|reproducible|present|occurs|occur|shows|show|reproduces|reproduce "
        "~4 in|on|with|under|since ~3 @release",
        "started ~1 HAPPENING ~4 in|on|with|from|since ~4 @release",
    ), key="BAD|FAILS|CRASHES|TROUBLE|BREAKS|stopped|stops|started|shows|happen|happens|happening|"
            "reproducible|present|occurs|regression|inoperative|reproduce|reproduces"),
    Rule("fails", "fails.since", 0.8, (
        "since|starting ~2 @release",
    )),
    Rule("fails", "fails.between", 0.8, (
        "from ~4 @release ~3 to ~4 @release", "between ~2 @release and ~2 @release",
        "@release to @release", "@release . . @release",
    )),
)  # fmt: skip

CULPRITS = (
    Rule("culprit", "culprit.bisected", 0.95, (
        "BISECT ~6 to|at|on|as|is ~6 @commit",
        "bisect|bisection|bisected ~4 points|pointed|pointing|landed|lands|shows|show|showed|found|"
        "identified|blames|says|claims|led|leads|ended ~8 @commit",
        "bisect|bisection|bisected ~6 points|pointed|led to|at : ~1 @commit",
        "BISECT ~2 : @commit", "@commit ~2 bisected",
    ), key="BISECT"),
    Rule("culprit", "culprit.bad", 0.95, (
        "@commit ~3 BE|as ~3 CULPRIT|first ~2 commit|patch|one",
        "@commit ~3 BE ~3 culprit|cause|offender",
        "culprit|cause|offender ~3 BE|: ~4 @commit",
        "bad|offending|problematic|guilty commit|patch BE|: ~3 @commit",
        "identified|found ~3 @commit",
    ), key="CULPRIT|first|identified|found"),
    Rule("culprit", "culprit.caused", 0.9, (
        "caused|introduced|broken|triggered|exposed ~3 by|in|with|from ~5 @commit",
        "@commit ~5 CAUSES|breaks|broke|regressed|leads|led ~1",
        "@commit ~2 results|resulted in", "regression ~3 by|in|from ~3 @commit",
        "@commit ~6 to slow|break|cause|hurt|regress",
        "@commit ~9 because it CAUSES|breaks|broke",
        "@commit ~4 has regression",
        "TROUBLE|CRASHES ~1 with|from|after ~4 @commit",
    ), key="caused|introduced|broken|triggered|exposed|CAUSES|breaks|broke|regressed|leads|led|results|"
            "resulted|regression|has|slow|break|cause|hurt|regress|because"),
    Rule("culprit", "culprit.to-revert", 0.5, (
        "easy|enough|need|needs|have|suggest|propose|want ~3 to? revert|reverting ~1 @commit",
    ), key="revert|reverting", says_not=True),
    Rule("culprit", "culprit.following", 0.7, (
        "following ~2 patches|commits ~3 reverted",
        "bad|offending commits ~3 caused|broke", 
    ), key="reverted|caused|broke"),
    Rule("culprit", "culprit.since", 0.5, ("since ~3 @commit",)),
    Rule("culprit", "culprit.after", 0.8, (
        "after @commit ~3 i|we|there|the|it", "after ~3 @commit ~6 TROUBLE|CRASHES|see",
    ), key="after"),
    Rule("culprit", "culprit.reverted", 0.85, (
        "REVERT ~3 @commit ~9 HELPS|works|boots|fine|back|again|better|away|goes|normal",
        "with ~3 @commit ~3 REVERT ~8 HELPS|works|fine|gone|doesn't|no",
        "HELPS|works|gone ~6 by|after|when|with ~2 REVERT ~3 @commit",
    ), key="REVERT"),
    Rule("culprit", "culprit.next", 0.8, (
        "BISECT ~5 to|at|on|as|is ~3 CHANGE|following|above|below",
        "caused|introduced|triggered|broken ~1 by|in|with ~3 CHANGE|following|:",
        "CULPRIT ~2 BE|seems|: ~3 :", "bisect|bisection ~5 points|pointed|landed|shows ~5 CHANGE|:",
        "BLAMED commit|patch|change",
        "this|following CHANGE BE ~2 culprit|cause|root",
        "CHANGE BE ~2 root? cause of", "come|came|comes to this CHANGE",
        "CHANGE ~1 brings|introduces in? ~2 this|the ~1 change|behavior|behaviour|regression",
    ), key="BISECT|BLAMED|caused|introduced|triggered|broken|CULPRIT|come|came|comes|brings|introduces"),
    Rule("culprit", "culprit.looks-like", 0.65, ("looks like :",), key="looks"),
    Rule("culprit", "culprit.this-patch", 0.7, (
        "this|your|the patch|commit|change|series|simplification ~3 causing|causes|caused|breaks|broke|"
        "broken|regresses|regressed|introduces|introduced",
        "this|your|the patch|commit|change ~2 appears|seems|looks to|like ~2 causing|cause|break|be",
        "when|after|with|if this|your|the patch|commit|change|series ~2 reverted",
        "REVERT this|your patch|commit|change|series ~6 HELPS|works|causes",
        "bisect|bisection|bisects|bisected ~3 points|pointed|to|landed|lands ~2 this|your patch|commit|change|"
        "series|one",
        "bisected ~8 to|at|on this|your patch|commit|change|series|one", "come|came to this commit|patch",
    ), key="causing|causes|caused|breaks|broke|broken|regresses|regressed|introduces|introduced|cause|"
            "break|reverted|REVERT|bisected|come|came"),
    Rule("culprit", "culprit.regressed", 0.85, (
        "by : @commit", "regression introduced by : ~1 @commit",
    )),
)  # fmt: skip

FIXES = (
    Rule("fix", "fix.commit", 0.85, (
        "fixed|resolved|solved|addressed ~3 by|in|with|via|as|: ~4 @commit",
        "@commit ~3 fixes|fixed|solves|solved|resolves|resolved|addresses",
        "@commit should|will|may|might|seems ~2 fix|help|solve",
        "fix|fixes ~3 BE|: ~4 @commit", "fix ~3 in|is ~3 @commit",
        "patched|repaired ~2 by|in ~2 @commit",
    ), key="fixed|resolved|solved|addressed|fixes|solves|resolves|addresses|fix|help|solve"),
    Rule("fix", "fix.mail", 0.75, (
        "fix|fixes|fixed|patch|solution ~7 @mail|@url", "sent|posted ~4 patch|fix|series|patches ~6 "
        "@mail|@url", "can|could you ~2 try|test ~4 @mail",
    ), key="fix|fixes|fixed|patch|solution|sent|posted|try|test"),
    Rule("fix", "fix.landed", 0.6, (
        "pushed|merged|applied|queued|committed|landed ~3 as ~1 @commit",
    ), key="pushed|merged|applied|queued|committed|landed"),
    Rule("fix", "fix.next", 0.7, (
        "fix|fixes ~6 this|following commit|patch|series",
    ), key="fix|fixes"),
    Rule("fix", "fix.required", 0.7, (
        "required|missing|needed|prerequisite|prep|necessary ~2 patch|commit|fix|change :",
        "not|without|lacks|misses ~3 required|needed|prerequisite|prep|necessary ~2 "
        "patch|commit|fix|change :",
    ), key="required|missing|needed|prerequisite|prep|necessary", says_not=True),
    Rule("fix", "fix.note", 0.6, (
        "SENT ~4 fix|fixes|revert|reverts ~3 [ NUMBER ]",
        "requires|required|needs|needed|takes|took ~3 fix|revert|reverts [ NUMBER ]",
        "fixed|solved|resolved ~2 by|with|in ~3 [ NUMBER ]", "commit message|log [ NUMBER ]",
    ), key="SENT|requires|required|needs|needed|takes|took|fixed|solved|resolved|message|log"),
    Rule("fix", "fix.note-patch", 0.5, (
        "SENT ~4 patch|patches|series ~3 [ NUMBER ]",
    ), key="SENT"),
    Rule("fix", "fix.it-is", 0.65, (
        "it's|that's ~1 @commit", "it|that|this is ~1 @commit",
    )),
    Rule("fix", "fix.this-patch", 0.6, (
        "this|your|his|her|the|attached patch|fix|change|diff|hunk ~3 fixes|solves|resolves|fixed|solved|"
        "resolved|unbreaks|helps ~2 it|the|this|my|that|for|everything",
        "with this|your|the patch ~1 applied? ~6 works|boots|gone|fine|fixed|passes",
        "works|boots|gone|fixed|passes ~1 with this|your|the patch|fix|change|diff",
    ), key="fixes|solves|resolves|fixed|solved|resolved|unbreaks|helps|works|boots|gone|fine|passes"),
    Rule("recovered", "recovered.gone", 0.75, (
        "problem|issue|bug|regression|crash|hang|oops|corruption BE|has|have|seems ~3 gone|fixed|solved|"
        "resolved|away|disappeared",
        "problem|issue|bug|regression|crash|hang goes|went|gone away",
        "problem|issue|bug|crash|hang got|gets fixed|solved|resolved",
        "doesn't|no|not|don't|longer ~3 occur|happen|reproduce|reproducible|see ~3 anymore|more|longer",
        "returned|back to normal",
    ), key="gone|fixed|solved|resolved|away|disappeared|occur|happen|reproduce|fixes|solves|resolves|"
            "normal", says_not=True),
    Rule("recovered", "recovered.fixes", 0.6, (
        "fixes|solves|solved|resolves|fixed ~1 the|my|this|that|it|things ~2 problem|issue|bug|regression|"
        "crash|hang|boot|for",
    ), key="fixes|solves|solved|resolves|fixed"),
    Rule("recovered", "recovered.works", 0.65, (
        "works ~3 now|again", "works|working|boots fine|perfectly|properly|well|great ~1 now|again",
        "now|again ~3 works|boots|working", "it works !", "working again", "works for me now|again",
        "confirm ~4 fix|fixes|fixed|works|resolved",
    ), key="works|working|boots|confirm"),
    Rule("recovered", "recovered.with", 0.65, (
        "works|boots ~1 with this|your|the patch|fix|change|diff",
    ), key="works|boots"),
    Rule("recovered", "recovered.for-me", 0.3, ("works|fixed for me|us",), key="works|fixed"),
    Rule("recovered", "recovered.still", 0.7, (
        "still ~2 present|broken|there|happens|happen|happening|occurs|reproducible|fails|failing|see|"
        "crashes|hangs|exists|reproduces|affected",
        "doesn't|didn't|not|unfortunately ~4 fix|solve|solved|help|resolve|helped ~1 the|my|it|this|.",
        "doesn't|didn't|not fix|solve|help|resolve|work",
    ), key="still|doesn't|didn't|not|unfortunately", says_not=True),
)  # fmt: skip

LANDED = (
    Rule("landed", "landed.release", 0.75, (
        "appeared|included|shipped|landed ~2 in|with ~2 @release", "merged ~1 for ~1 @release",
        "@commit ~2 merged ~2 in ~2 @release", "included in ~1 @release",
    ), key="appeared|included|shipped|landed|merged"),
    Rule("landed", "landed.tree", 0.75, (
        "fix|fixes|patch|patches|commit|revert|change|it|@commit ~2 entered|reached|hit|landed|merged|"
        "in ~3 mainline|upstream|linus's|linus'",
    ), key="entered|reached|hit|landed|merged|in"),
    Rule("landed", "landed.mine", 0.7, (
        "i|i've|had ~2 committed|applied|pushed|merged ~3 my tree",
        "pushed|applied|committed|merged out? as ~1 @commit",
    ), key="committed|applied|pushed|merged"),
)  # fmt: skip

ROLES = (
    Rule("role", "role.bisected", 0.7, (
        "i|we|i've|we've ~3 bisected|bisecting", "my|our bisect|bisection|bisecting",
        "able to ~1 bisect", "took ~4 to bisect", "i did ~2 bisect|bisection",
    ), key="bisected|bisecting|bisect|bisection"),
    Rule("role", "role.tested", 0.6, (
        "i|we|i've|we've ~2 tested", "i|we|i've ~1 tried ~3 patch|@commit|revert|it",
        "just|i tried|tested with",
    ), key="tested|tried"),
)  # fmt: skip

RULES = (*REPORTS, *RELEASES, *CULPRITS, *FIXES, *LANDED, *ROLES)
