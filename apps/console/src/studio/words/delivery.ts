import { spoken } from './index.ts'

/** What the page of deliveries says. */
export const deliveryWords = spoken({
  en: {
    title: 'Delivery',
    waiting: 'What waits',
    waitingHint: 'Work that a change or a time has caused and that is not done yet.',
    nothingWaits: 'Nothing waits: everything that was caused has been done.',
    kind: 'Work',
    kinds: {
      'controller-bot': 'Events for functions',
      'late-answers': 'Late answers of functions',
      conversation: 'Timers of conversations',
      'function-schedule': 'Schedules of functions',
      retention: 'Ending of old conversations',
      'record-retention': 'Ending of old records and logs, making of new days',
      ends: 'Ending of all else that is old',
      report: 'Reports by mail',
    } as Record<string, string>,
    outbox: 'caused by a change',
    timer: 'by time',
    count: 'Waiting',
    running: 'Running',
    failing: 'Failing',
    dueSince: 'Oldest due',
    nextAt: 'Next due',
    isCut: 'There is more; the first 10,000 of each are counted.',
    recurring: 'What recurs',
    recurringHint:
      'It goes on whatever becomes of it. Schedules of functions have a page of their own.',
    of: { account: 'of this account', server: 'of the whole server' },
    last: 'Last',
    notYet: 'not yet',
    outcomes: { done: 'done', partly: 'done in part', failed: 'failed' },
    next: 'Next',
    failingTitle: 'Failed, and tried again',
    nothingFails: 'Nothing is being tried again.',
    about: 'About',
    failures: 'Failed attempts',
    nextAttempt: 'Next attempt',
    dead: 'Dead letters',
    deadHint:
      'Their attempts are used up. They wait here until somebody puts them back or gives them up.',
    noDead: 'There are no dead letters.',
    noDeadSuch: 'No dead letter is of this kind.',
    cause: 'Why it failed',
    attempts: 'Attempts',
    deadAt: 'Given up',
    select: (what: string) => `Select ${what}`,
    selectAll: 'Select all on this page',
    selected: (count: number) =>
      count === 1 ? '1 selected' : `${count.toLocaleString('en')} selected`,
    retry: 'Try again',
    retryMany: (count: number) =>
      count === 0 ? 'Try again' : `Try ${count.toLocaleString('en')} again`,
    discard: 'Give up',
    discardMany: (count: number) =>
      count === 0 ? 'Give up' : `Give up ${count.toLocaleString('en')}`,
    discardTitle: 'Give up this work?',
    discardText: (count: number) =>
      count === 1
        ? 'What this dead letter would have done will not be done. This cannot be undone.'
        : `What these ${count.toLocaleString('en')} dead letters would have done will not be done. This cannot be undone.`,
    carries: 'What it carries',
    show: 'Show what it carries',
    conversation: 'To the conversation',
    chat: 'To the live chat',
    retried: (done: number, failed: number) =>
      failed === 0 ? `${done} put back.` : `${done} put back, ${failed} refused.`,
    discarded: (done: number, failed: number) =>
      failed === 0 ? `${done} given up.` : `${done} given up, ${failed} refused.`,
  },
  de: {
    title: 'Zustellung',
    waiting: 'Was wartet',
    waitingHint:
      'Arbeit, die eine Änderung oder die Zeit ausgelöst hat und die noch nicht erledigt ist.',
    nothingWaits: 'Nichts wartet: Alles Ausgelöste ist erledigt.',
    kind: 'Arbeit',
    kinds: {
      'controller-bot': 'Ereignisse für Funktionen',
      'late-answers': 'Späte Antworten von Funktionen',
      conversation: 'Zeitgeber von Gesprächen',
      'function-schedule': 'Zeitpläne von Funktionen',
      retention: 'Beenden alter Gespräche',
      'record-retention': 'Beenden alter Aufzeichnungen und Logs, Anlegen neuer Tage',
      ends: 'Beenden von allem anderen, das alt ist',
      report: 'Berichte per Mail',
    },
    outbox: 'durch eine Änderung',
    timer: 'durch die Zeit',
    count: 'Wartend',
    running: 'Läuft',
    failing: 'Schlägt fehl',
    dueSince: 'Älteste fällig',
    nextAt: 'Nächste fällig',
    isCut: 'Es gibt mehr; gezählt sind je die ersten 10.000.',
    recurring: 'Was wiederkehrt',
    recurringHint:
      'Es geht weiter, was auch daraus wird. Zeitpläne von Funktionen haben eine eigene Seite.',
    of: { account: 'dieses Kontos', server: 'des ganzen Servers' },
    last: 'Zuletzt',
    notYet: 'noch nicht',
    outcomes: { done: 'erledigt', partly: 'zum Teil erledigt', failed: 'fehlgeschlagen' },
    next: 'Nächstes Mal',
    failingTitle: 'Fehlgeschlagen, wird noch einmal versucht',
    nothingFails: 'Nichts wird noch einmal versucht.',
    about: 'Worum es geht',
    failures: 'Fehlgeschlagene Versuche',
    nextAttempt: 'Nächster Versuch',
    dead: 'Unzustellbares',
    deadHint: 'Alle Versuche sind verbraucht. Es wartet, bis jemand es zurückstellt oder aufgibt.',
    noDead: 'Es gibt nichts Unzustellbares.',
    noDeadSuch: 'Nichts Unzustellbares ist von dieser Art.',
    cause: 'Warum es fehlschlug',
    attempts: 'Versuche',
    deadAt: 'Aufgegeben',
    select: (what: string) => `${what} auswählen`,
    selectAll: 'Alle dieser Seite auswählen',
    selected: (count: number) => `${count.toLocaleString('de')} ausgewählt`,
    retry: 'Noch einmal versuchen',
    retryMany: (count: number) =>
      count === 0 ? 'Noch einmal versuchen' : `${count.toLocaleString('de')} noch einmal versuchen`,
    discard: 'Aufgeben',
    discardMany: (count: number) =>
      count === 0 ? 'Aufgeben' : `${count.toLocaleString('de')} aufgeben`,
    discardTitle: 'Diese Arbeit aufgeben?',
    discardText: (count: number) =>
      count === 1
        ? 'Was hier getan werden sollte, wird nicht getan. Das lässt sich nicht zurücknehmen.'
        : `Was in diesen ${count.toLocaleString('de')} Fällen getan werden sollte, wird nicht getan. Das lässt sich nicht zurücknehmen.`,
    carries: 'Was es trägt',
    show: 'Zeigen, was es trägt',
    conversation: 'Zum Gespräch',
    chat: 'Zum Live-Chat',
    retried: (done: number, failed: number) =>
      failed === 0 ? `${done} zurückgestellt.` : `${done} zurückgestellt, ${failed} abgelehnt.`,
    discarded: (done: number, failed: number) =>
      failed === 0 ? `${done} aufgegeben.` : `${done} aufgegeben, ${failed} abgelehnt.`,
  },
})
