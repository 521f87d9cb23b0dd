import { counted } from '../words/counted.ts'
import { language, spoken } from '../words/index.ts'
import { NAMES } from './names.ts'
import type { GroupName } from './path.ts'

const POLICIES: Readonly<Record<string, readonly [string, string]>> = {
  off: ['Nothing', 'Nichts'],
  metadata: ['Hosts of outgoing calls only', 'Nur Ziele ausgehender Anfragen'],
  errors: ['Failures, with all that a replay needs', 'Fehler, mit allem für eine Wiederholung'],
  events: [
    'Every run for an event, a sample of direct ones',
    'Jeder Lauf für ein Ereignis, direkte als Stichprobe',
  ],
  all: ['Every run', 'Jeder Lauf'],
}
const spokenPlace = language === 'de' ? 1 : 0

const shared = {
  nameOf: (group: GroupName, name: string): string => NAMES[group][name]?.[spokenPlace] ?? name,
  choice: (id: string): string => POLICIES[id]?.[spokenPlace] ?? id,
}

/** What the page of limits says. */
export const limitWords = spoken({
  en: {
    ...shared,
    title: 'Limits and retention',
    show: 'Show',
    groups: {
      limits: 'Limits of functions',
      retention: 'Retention',
      recordings: 'Recordings',
      messaging: 'Conversations',
      identity: 'Sessions and tokens',
    },
    intros: {
      limits: 'What functions of this account may use.',
      retention:
        'How many days things are kept. What is older ends in the night, and does not come back.',
      recordings:
        'Of which runs inputs, outgoing calls and results are kept, so that they can be run again. Secrets are masked in them.',
      messaging: 'How conversations are answered, offered and ended, and how large files may be.',
      identity: 'How long log-ins, tokens and keys are good.',
    },
    setting: 'Setting',
    value: 'Value',
    initial: 'Default',
    bounds: 'Bounds',
    state: 'State',
    asInitial: 'Default',
    isSet: 'Set',
    takeBack: 'Reset',
    dropChanges: 'Drop changes',
    saved: 'Saved. It applies from now on.',
    none: (group: GroupName): string => (group === 'retention' ? 'For ever' : 'Without limit'),
    within: (least: string | undefined, most: string | undefined, mayBeNull: boolean) =>
      [
        least !== undefined && most !== undefined
          ? `${least} to ${most}`
          : least !== undefined
            ? `at least ${least}`
            : most !== undefined
              ? `at most ${most}`
              : '',
        mayBeNull ? 'or no limit' : '',
      ]
        .filter((part) => part !== '')
        .join(', '),
    kept: 'Everything that is stored',
    keptHint: 'Each table and each kind of document, with what ends it.',
    find: 'Find',
    noneSuch: 'Nothing that is stored matches.',
    stored: 'Stored',
    days: 'Kept',
    daysOf: (days: number) => counted(days, 'day', 'days', 'en'),
    forEver: 'For ever',
    howLong: 'Since when, or as long as',
  },
  de: {
    ...shared,
    title: 'Grenzen und Fristen',
    show: 'Zeigen',
    groups: {
      limits: 'Grenzen der Funktionen',
      retention: 'Fristen',
      recordings: 'Aufzeichnungen',
      messaging: 'Gespräche',
      identity: 'Anmeldungen und Token',
    },
    intros: {
      limits: 'Was Funktionen dieses Kontos verbrauchen dürfen.',
      retention:
        'Wie viele Tage etwas aufgehoben wird. Älteres endet in der Nacht und kommt nicht zurück.',
      recordings:
        'Von welchen Läufen Eingaben, ausgehende Anfragen und Ergebnisse bleiben, damit sie sich wiederholen lassen. Geheimnisse sind darin verdeckt.',
      messaging:
        'Wie Gespräche beantwortet, angeboten und beendet werden, und wie groß Dateien sein dürfen.',
      identity: 'Wie lange Anmeldungen, Token und Schlüssel gelten.',
    },
    setting: 'Einstellung',
    value: 'Wert',
    initial: 'Vorgabe',
    bounds: 'Erlaubt',
    state: 'Zustand',
    asInitial: 'Wie vorgegeben',
    isSet: 'Gesetzt',
    takeBack: 'Zurücknehmen',
    dropChanges: 'Änderungen verwerfen',
    saved: 'Gespeichert. Es gilt ab jetzt.',
    none: (group: GroupName): string => (group === 'retention' ? 'Für immer' : 'Ohne Grenze'),
    within: (least: string | undefined, most: string | undefined, mayBeNull: boolean) =>
      [
        least !== undefined && most !== undefined
          ? `${least} bis ${most}`
          : least !== undefined
            ? `mindestens ${least}`
            : most !== undefined
              ? `höchstens ${most}`
              : '',
        mayBeNull ? 'oder offen' : '',
      ]
        .filter((part) => part !== '')
        .join(', '),
    kept: 'Alles, was gespeichert ist',
    keptHint: 'Jede Tabelle und jede Art von Dokument, und was sie enden lässt.',
    find: 'Finden',
    noneSuch: 'Nichts Gespeichertes passt dazu.',
    stored: 'Gespeichert',
    days: 'Aufgehoben',
    daysOf: (days: number) => counted(days, 'Tag', 'Tage', 'de'),
    forEver: 'Für immer',
    howLong: 'Seit wann, oder so lange wie',
  },
})
