import type { Told } from './told.ts'

/** Why a run is not repeated, and what a replay cannot know. */
export const REPLAYS: Told = [
  [
    'it is no longer there: its consumer was erased, or it is older than the account keeps',
    'Es gibt ihn nicht mehr: Sein Kunde ist gelöscht, oder er ist älter, als das Konto aufbewahrt',
  ],
  ['it is a run of another function', 'Er gehört zu einer anderen Funktion'],
  ['it did not run', 'Er ist nicht gelaufen'],
  [
    'the account does not keep what a replay needs (setting recordings.policy)',
    'Das Konto bewahrt nicht auf, was eine Wiederholung braucht (Einstellung recordings.policy)',
  ],
  [
    'only that it ran was kept: more was recorded at once than the server writes',
    'Bewahrt ist nur, dass er lief: Es wurde mehr auf einmal aufgezeichnet, als der Server schreibt',
  ],
  [
    'its input is longer than the account keeps (setting recordings.maxBytes)',
    'Seine Eingabe ist länger, als das Konto aufbewahrt (Einstellung recordings.maxBytes)',
  ],
  [
    'the version that it needs is no longer kept',
    'Die Version, die er braucht, gibt es nicht mehr',
  ],
  [
    'the server failed, and its log says why',
    'Der Server hat einen Fehler gemacht, und sein Log sagt welchen',
  ],
  ['It could not go on: {}', 'Es ging nicht weiter: {}'],
  [
    'Values of the input that were masked are [secret] in the replay',
    'Verdeckte Werte der Eingabe sind in der Wiederholung [secret]',
  ],
  ['Too much to be kept whole: {}', 'Zu lang, um ganz bewahrt zu werden: {}'],
  [
    'The log of the run is not kept: it is not compared',
    'Das Log des Laufs ist nicht bewahrt: Es wird nicht verglichen',
  ],
  [
    'The run was not the first of its instance: what it kept in variables is not recorded',
    'Der Lauf war nicht der erste seiner Instanz: Was sie in Variablen hielt, ist nicht aufgezeichnet',
  ],
  [
    'The secret "{}" is gone: the replay does not find it',
    'Das Secret „{}“ gibt es nicht mehr: Die Wiederholung findet es nicht',
  ],
]
