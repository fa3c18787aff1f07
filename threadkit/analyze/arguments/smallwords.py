"""Small words by language: those that hardly a sentence does without."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENGLISH = _words(
    "a about after again all already also although an and any are as at be because been before"
    " but by can cannot could did do does doing done each even every for from get got had has have"
    " he here how i i'd i'll i'm i've if in instead into is isn't it it's its just know let like"
    " look looks make makes maybe me might more most much must my need needs never no not now of"
    " off ok on once one only or other our out over please same see seems she should since so"
    " some something still such sure than thank thanks that that's the their them then there"
    " these they thing think this those though through to too try under until up us use used"
    " using very want was way we well were what when where whether which while who why will with"
    " without won't work works would yes yet you your don't doesn't didn't can't we're you're"
    " applied queued reviewed tested acked signed ack nak patch patches fix fixed fixes bug build"
    " wrong right good nice hi hello hey regards cheers"
)
"""Of English, with what short mails of reviewers consist of."""

OTHERS: dict[str, frozenset[str]] = {
    "de": _words(
        "aber alle als auch auf aus bei beim bin bitte da damit danke dann das dass dem den der des"
        " dich dir doch ein eine einem einen einer eines er es etwas für gibt habe haben hallo hat"
        " ich ihr im ist ja jetzt kann kein keine können mal mehr mich mit muss nach nicht noch nur"
        " oder schon sehr sich sie sind über und uns viele vom von vor wäre wenn werden wie wir"
        " wird wurde zu zum zur grüße gruß"
    ),
    "fr": _words(
        "alors au aussi aux avec avez bien bonjour c'est ce cela ces cette comme dans des donc du"
        " elle en encore est et être fait il ils j'ai je la le les leur mais même merci mon ne"
        " nous ou où par pas peut plus pour quand que qu'il qui quoi sans se si son sont sur tous"
        " tout très un une vous voilà d'une n'est"
    ),
    "es": _words(
        "ahora al algo aunque como con cuando del desde donde el ella en entonces era es esta está"
        " este esto estoy fue gracias hace hasta hay hola la las lo los más mi muy nada ni nos"
        " para pero por porque que qué se ser si sin sobre son su sus también tengo tiene todo"
        " un una uno y ya yo"
    ),
    "pt": _words(
        "agora ainda ao aos as bem com como da das de depois do dos ela ele em entre era essa esse"
        " está este eu foi isso isto já mais mas me mesmo muito na não nas no nos o obrigado os"
        " ou para pela pelo por porque quando que quem se sem ser seu sua são só também tem um uma"
        " você"
    ),
    "it": _words(
        "abbiamo al alla anche ancora che chi ci ciao come con cosa così da dal dalla dei del della"
        " delle di dopo dove e è ero fare gli grazie ha hanno ho i il in io la le lo loro ma mi mio"
        " molto nei nel nella non o ogni per perché più poi quando quello questa questo se senza si"
        " sono su sul tutti tutto un una"
    ),
    "nl": _words(
        "aan al alle als bedankt bij dan dat de deze die dit door een en er geen gaat goed had heb"
        " hebben heeft het hier hij hoe ik in is ja je kan kunnen maar me meer met mijn moet naar"
        " niet nog nu of om omdat ons ook op over te toch tot uit van veel voor waar wat we wel"
        " wordt worden ze zijn zo zou"
    ),
    "sv": _words(
        "alla att av blir de den det detta dig din du efter eller en ett för från har hej hur"
        " inte jag jeg kan med men mig mycket måste när någon och också om på så skulle som"
        " tack till under upp utan var vara vi vill ikke og er på til"
    ),
    "pl": _words(
        "ale bardzo by być był czy dla do gdzie go i ja jak jako jest jeśli już kiedy który"
        " ma mam mnie może na nie o od po pod przez przy się są tak tam też to tu tylko w we"
        " wiem wszystko z za ze że"
    ),
}
"""Of languages that are told from English, by ISO 639-1."""
