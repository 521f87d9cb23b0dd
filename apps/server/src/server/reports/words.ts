import type { MailForm } from '#identity/settings'

const en = {
  locale: 'en',
  title: (account: string) => `Functions of ${account}`,
  subject: (title: string, ran: string, failed: string, when: string) =>
    `${title}: ${ran}, ${failed} failed, ${when}`,
  none: 'none',
  onDay: (day: string) => `on ${day}`,
  inWeek: (day: string) => `in the week from ${day}`,
  period: (from: string, to: string) => `${from} to ${to} UTC`,
  ran: (count: string, isOne: boolean) => `${count} ${isOne ? 'invocation' : 'invocations'}`,
  others: (count: number) => `${count} ${count === 1 ? 'other' : 'others'}`,
  most: 'Functions with most invocations',
  nothing: 'Nothing ran.',
  heads: ['Function', 'Invocations', 'Failed', 'p50 ms', 'p95 ms'],
  invocations: 'Invocations',
  failed: 'Failed',
  before: (now: string, before: string) => `${now} (the period before: ${before})`,
  deployed: 'Deployed functions',
  ofAtMost: (count: string, limit: string) => `${count} of at most ${limit}`,
  metrics: 'Metrics',
  toMetrics: 'Metrics in the console',
}

const de: typeof en = {
  locale: 'de',
  title: (account) => `Funktionen von ${account}`,
  subject: (title, ran, failed, when) => `${title}: ${ran}, ${failed} fehlgeschlagen, ${when}`,
  none: 'keine',
  onDay: (day) => `am ${day}`,
  inWeek: (day) => `in der Woche ab ${day}`,
  period: (from, to) => `${from} bis ${to} UTC`,
  ran: (count, isOne) => `${count} ${isOne ? 'Aufruf' : 'Aufrufe'}`,
  others: (count) => `${count} andere`,
  most: 'Funktionen mit den meisten Aufrufen',
  nothing: 'Nichts wurde ausgeführt.',
  heads: ['Funktion', 'Aufrufe', 'Fehlgeschlagen', 'p50 ms', 'p95 ms'],
  invocations: 'Aufrufe',
  failed: 'Fehlgeschlagen',
  before: (now, before) => `${now} (im Zeitraum davor: ${before})`,
  deployed: 'Ausgerollte Funktionen',
  ofAtMost: (count, limit) => `${count} von höchstens ${limit}`,
  metrics: 'Kennzahlen',
  toMetrics: 'Kennzahlen in der Konsole',
}

/** What reports say. */
export const reportWords: Record<MailForm['language'], typeof en> = { en, de }
