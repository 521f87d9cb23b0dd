import { type MailForm, mailForm } from '#identity/settings'
import type { ReportDeps } from './deps.ts'
import { DAY_MS, type Period, type Rhythm } from './periods.ts'

/** Functions that are listed one by one. */
const MAX_ROWS = 20

/** The published states of invocations that failed. */
export const FAILURES = ['CODING_FAILURE', 'PLATFORM_FAILURE', 'TIMEOUT', 'UNKOWN'] as const

export type Row = Record<(typeof FAILURES)[number] | 'SUCCEEDED', number> & {
  name: string
  /** Of how many functions it is the sum, where these are not listed. */
  others?: number
  p50Ms?: number
  p95Ms?: number
}

/** What a report says. */
export interface Figures {
  /** In UTC, in the account's language. */
  form: MailForm
  rhythm: Rhythm
  period: Period
  account: string
  total: Row
  /** Of the period before; absent where that is not kept any more. */
  before?: Row
  /** Those that ran most, then all others as one. */
  rows: Row[]
  deployed: number
  deployedLimit: number
  /** The metrics of the account in the console. */
  link?: string
}

export async function readFigures(
  deps: ReportDeps,
  accountId: string,
  rhythm: Rhythm,
  period: Period,
): Promise<Figures> {
  const { accountName, language, retention } = await deps.settings.get(accountId)
  const earlier = { from: 2 * period.from - period.to, to: period.from }
  const isKept = deps.clock.now() - earlier.from <= retention.metricsDays * DAY_MS
  const rows = await readRows(deps, accountId, period)
  const rest = rows.slice(MAX_ROWS)
  const { deployed, deployedLimit } = await deps.functions.usage(accountId)
  return {
    form: mailForm({ timeZone: 'UTC', language }),
    rhythm,
    period,
    account: accountName === '' ? accountId : `${accountName} (${accountId})`,
    total: sum('all', rows),
    ...(isKept && { before: sum('before', await readRows(deps, accountId, earlier)) }),
    rows: [
      ...rows.slice(0, MAX_ROWS),
      ...(rest.length > 0 ? [{ ...sum('others', rest), others: rest.length }] : []),
    ],
    deployed,
    deployedLimit,
    ...(deps.publicUrl !== undefined && {
      link: `${deps.publicUrl.replace(/\/$/, '')}/console/${accountId}/metrics`,
    }),
  }
}

async function readRows({ metrics }: ReportDeps, accountId: string, period: Period) {
  const totals = await metrics.functionTotals(accountId, period)
  return totals
    .map(({ functionId, name, ...row }): Row => ({
      ...row,
      name: name ?? `${functionId} (deleted)`,
    }))
    .toSorted((a, b) => invocationsOf(b) - invocationsOf(a) || a.name.localeCompare(b.name))
}

export function failuresOf(row: Row): number {
  return FAILURES.reduce((count, state) => count + row[state], 0)
}

export function invocationsOf(row: Row): number {
  return row.SUCCEEDED + failuresOf(row)
}

function sum(name: string, rows: readonly Row[]): Row {
  const all = { name, SUCCEEDED: 0, CODING_FAILURE: 0, PLATFORM_FAILURE: 0, TIMEOUT: 0, UNKOWN: 0 }
  for (const row of rows)
    for (const state of ['SUCCEEDED', ...FAILURES] as const) all[state] += row[state]
  return all
}
