import { told, type Told } from '../words/told.ts'

const FINDINGS: Told = [
  [
    'has no fallback dialog: a message that nothing matches is not answered',
    'hat keinen Fallback-Dialog: Eine Nachricht, zu der nichts passt, bleibt ohne Antwort',
  ],
  [
    'has its fallback dialog switched off: a message that nothing matches is not answered',
    'hat seinen Fallback-Dialog abgeschaltet: Eine Nachricht, zu der nichts passt, bleibt ohne Antwort',
  ],
  [
    'has nothing in its fallback dialog: a message that nothing matches is not answered',
    'hat nichts in seinem Fallback-Dialog: Eine Nachricht, zu der nichts passt, bleibt ohne Antwort',
  ],
  ['belongs to a dialog "{}" that is not there', 'gehört zu einem Dialog „{}“, den es nicht gibt'],
  ['is followed by "{}", which is not there', 'danach kommt „{}“, und das gibt es nicht'],
  ['is followed by "{}", which is switched off', 'danach kommt „{}“, und das ist abgeschaltet'],
  [
    'waits for an intent: nothing recognises intents, so only its patterns start it',
    'wartet auf eine Absicht: Absichten erkennt hier nichts, nur seine Muster starten es',
  ],
  [
    'hands over to the skill "{}": without an entry in the skill map it is the default skill',
    'übergibt an den Skill „{}“: Ohne Eintrag in der Zuordnung der Skills ist es der Vorgabe-Skill',
  ],
  [
    'calls an integration "{}" that is not there',
    'ruft eine Integration „{}“ auf, die es nicht gibt',
  ],
  [
    'has a rule for an intent: nothing recognises intents',
    'hat eine Regel für eine Absicht: Absichten erkennt hier nichts',
  ],
  ['goes to a dialog "{}" that is not there', 'geht zu einem Dialog „{}“, den es nicht gibt'],
  ['goes to a dialog "{}" that is switched off', 'geht zu einem Dialog „{}“, der abgeschaltet ist'],
  ['goes to a dialog "{}" that has nothing in it', 'geht zu einem Dialog „{}“, in dem nichts ist'],
  [
    'goes to an interaction "{}" that has nothing in it',
    'geht zu einem Dialog „{}“, in dem nichts ist',
  ],
  [
    'has {} quick replies: the first {} are shown',
    'hat {} Schnellantworten: Gezeigt werden die ersten {}',
  ],
  [
    'goes to an interaction "{}" that is not there',
    'geht zu einem Schritt „{}“, den es nicht gibt',
  ],
  [
    'goes to an interaction "{}" that is switched off',
    'geht zu einem Schritt „{}“, der abgeschaltet ist',
  ],
  ['names a variable "{}" that is never set', 'nennt eine Variable „{}“, die nie gesetzt wird'],
  [
    'hides calls of botContext in {}: they are not checked',
    'verbirgt Aufrufe von botContext in {}: Sie sind nicht geprüft',
  ],
  [
    'calls {} in {}: it answers null, there is no service behind it',
    'ruft {} in {} auf: Das antwortet null, kein Dienst steht dahinter',
  ],
  [
    'goes to "{}" in {}, and no interaction has that name',
    'geht zu „{}“ in {}, und kein Schritt heißt so',
  ],
  ['member "{}" does not run', 'die Angabe „{}“ wirkt hier nicht'],
  ['has more than {} members that do not run', 'hat mehr als {} Angaben, die hier nicht wirken'],
  [
    'has more than {} findings: the rest is left out',
    'hat mehr als {} Befunde: Der Rest ist weggelassen',
  ],
]

/** What of a bot will not run, or is not there. */
export function findingTold(text: string): string {
  return told(FINDINGS, text)
}
