import { InvocationSummary } from '@parley/contract'
import { toCsvLines } from '#base/kit'
import type { RecordsDeps } from './deps.ts'
import { listRecords, type RecordFilter } from './records.ts'

const MAX_ROWS = 5_000
const PER_PAGE = 500

const COLUMNS = [
  'recordId',
  'invocationId',
  'functionId',
  'functionName',
  'version',
  'eventId',
  'skillId',
  'conversationId',
  'source',
  'attempt',
  'startedAt',
  'durationMs',
  'outcome',
  'errorCode',
  'errorMessage',
  'coldStart',
] as const satisfies readonly (keyof InvocationSummary)[]

/** The newest runs that fit, oldest first. What they got and returned is read one by one. */
export async function exportRecords(
  deps: RecordsDeps,
  accountId: string,
  { format, ...filter }: Omit<RecordFilter, 'after' | 'limit'> & { format: 'csv' | 'jsonl' },
): Promise<{ type: string; text: string }> {
  const rows: InvocationSummary[] = []
  let after: string | undefined
  do {
    const page = await listRecords(deps, accountId, { ...filter, after, limit: PER_PAGE })
    rows.unshift(...page.invocations.map((run) => InvocationSummary.parse(run)))
    after = page.next
  } while (after !== undefined && rows.length < MAX_ROWS)
  return format === 'csv'
    ? { type: 'text/csv; charset=utf-8', text: toCsv(rows) }
    : {
        type: 'application/jsonl; charset=utf-8',
        text: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
      }
}

function toCsv(rows: readonly InvocationSummary[]): string {
  const lines = rows.map((row) => COLUMNS.map((name) => String(row[name] ?? '')))
  return toCsvLines([[...COLUMNS], ...lines], {
    delimiter: ',',
    lineEnd: '\r\n',
    withoutFormulas: true,
  })
}
