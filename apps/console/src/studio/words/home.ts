import { counted } from './counted.ts'
import { spoken } from './index.ts'

/** What the first page says. */
export const homeWords = spoken({
  en: {
    title: 'Home',
    attention: 'Needs attention',
    allWell: 'Nothing needs your attention.',
    failing: (name: string, failures: number, total: number) =>
      `${name} failed in ${failures.toLocaleString('en')} of ${counted(total, 'run', 'runs')} of the last 24 hours`,
    slow: (name: string, ms: number) =>
      `${name} is slow: one run of twenty takes ${(ms / 1000).toLocaleString('en', { maximumFractionDigits: 1 })} s or more`,
    notDeployed: (name: string, state: string) => `${name}: ${state}`,
    dead: (count: string) => `${count} dead letters wait`,
    deadOne: 'One dead letter waits',
    tried: (count: number) =>
      count === 1
        ? 'One piece of work failed and is tried again'
        : `${count} pieces of work failed and are tried again`,
    blocked: (host: string, name: string, count: number) =>
      `${name} wanted to reach ${host} and was refused ${count === 1 ? 'once' : `${count.toLocaleString('en')} times`}`,
    schedule: (name: string) => `The schedule of ${name} failed`,
    bot: (name: string) => `The bot ${name} does not serve conversations because of an error`,
    botErrors: (name: string, count: number) =>
      `The bot ${name} had ${counted(count, 'error', 'errors')} in the last 24 hours`,
    counters: 'The account',
    functions: 'Functions',
    deployed: 'Deployed',
    month: 'Runs this month',
    failed: 'failed',
    of: (limit: number) => `of ${limit.toLocaleString('en')}`,
    open: 'Open conversations',
    lately: 'Lately',
    nothingYet: 'Nothing has been changed yet.',
    all: 'All changes',
    guide: 'Your first live answer',
    guideIntro:
      'Three steps: a function from a template, its text in your words, and a consumer who gets it, here beside.',
    step1: 'Write what a new conversation is answered with',
    answer: 'Your answer',
    proposed: 'Hello! This is your first function of Parley.',
    step2: 'Make it live',
    make: 'Create and deploy',
    made: (name: string) => `${name} is live.`,
    step3: 'Write as a consumer, and see the answer',
    consumer: 'Consumer page',
    consumerHint: 'Write something there: your function answers.',
    edit: 'Open it in the editor',
    timeline: 'See what happened',
    again: 'Show the guide',
    hide: 'Hide the guide',
    taken: (name: string) => `${name} answers new conversations already.`,
    noRight: 'Who may change functions can make the first one here.',
  },
  de: {
    title: 'Start',
    attention: 'Braucht Aufmerksamkeit',
    allWell: 'Nichts braucht Ihre Aufmerksamkeit.',
    failing: (name: string, failures: number, total: number) =>
      `${name} schlug in ${failures.toLocaleString('de')} von ${counted(total, 'Lauf', 'Läufen', 'de')} der letzten 24 Stunden fehl`,
    slow: (name: string, ms: number) =>
      `${name} ist langsam: Einer von zwanzig Läufen dauert ${(ms / 1000).toLocaleString('de', { maximumFractionDigits: 1 })} s oder länger`,
    notDeployed: (name: string, state: string) => `${name}: ${state}`,
    dead: (count: string) => `Unzustellbar: ${count}`,
    deadOne: 'Etwas ließ sich nicht zustellen',
    tried: (count: number) =>
      count === 1
        ? 'Eine Arbeit ist fehlgeschlagen und wird noch einmal versucht'
        : `${count} Arbeiten sind fehlgeschlagen und werden noch einmal versucht`,
    blocked: (host: string, name: string, count: number) =>
      `${name} wollte ${host} erreichen und wurde ${count === 1 ? 'einmal' : `${count.toLocaleString('de')}-mal`} abgelehnt`,
    schedule: (name: string) => `Der Zeitplan von ${name} ist fehlgeschlagen`,
    bot: (name: string) => `Der Bot ${name} bedient wegen eines Fehlers keine Gespräche`,
    botErrors: (name: string, count: number) =>
      `Der Bot ${name} hatte ${count} Fehler in den letzten 24 Stunden`,
    counters: 'Das Konto',
    functions: 'Funktionen',
    deployed: 'In Betrieb',
    month: 'Läufe diesen Monat',
    failed: 'fehlgeschlagen',
    of: (limit: number) => `von ${limit.toLocaleString('de')}`,
    open: 'Offene Gespräche',
    lately: 'Zuletzt',
    nothingYet: 'Noch wurde nichts geändert.',
    all: 'Alle Änderungen',
    guide: 'Ihre erste Antwort',
    guideIntro:
      'Drei Schritte: eine Funktion aus einer Vorlage, ihr Text in Ihren Worten, und ein Kunde, der ihn bekommt, hier daneben.',
    step1: 'Schreiben Sie, was auf ein neues Gespräch geantwortet wird',
    answer: 'Ihre Antwort',
    proposed: 'Hallo! Das ist Ihre erste Funktion mit Parley.',
    step2: 'Nehmen Sie sie in Betrieb',
    make: 'Anlegen und ausrollen',
    made: (name: string) => `${name} ist in Betrieb.`,
    step3: 'Schreiben Sie als Kunde, und sehen Sie die Antwort',
    consumer: 'Kundenseite',
    consumerHint: 'Schreiben Sie dort etwas: Ihre Funktion antwortet.',
    edit: 'Im Editor öffnen',
    timeline: 'Sehen, was geschah',
    again: 'Anleitung zeigen',
    hide: 'Anleitung schließen',
    taken: (name: string) => `${name} antwortet schon auf neue Gespräche.`,
    noRight: 'Wer Funktionen ändern darf, kann hier die erste anlegen.',
  },
})
