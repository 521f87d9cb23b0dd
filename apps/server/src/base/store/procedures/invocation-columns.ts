import { textAt } from './texts.ts'

/** As what a member of a batch's row is read: `beside` is a text that stands beside the batch. */
type ColumnType =
  | 'text'
  | 'timestamptz'
  | 'uuid'
  | 'int'
  | 'float8'
  | 'boolean'
  | 'jsonb'
  | 'beside'

/** The columns of an invocation, in the order in which a batch lists them. Those that are not named stay empty. */
export const INVOCATION_COLUMNS: readonly { name: string; type: ColumnType }[] = Object.entries({
  account_id: 'text',
  started_at: 'timestamptz',
  record_id: 'uuid',
  invocation_id: 'text',
  function_id: 'uuid',
  deployment_id: 'uuid',
  version: 'int',
  event_id: 'text',
  skill_id: 'text',
  conversation_id: 'text',
  source: 'text',
  attempt: 'int',
  duration_ms: 'float8',
  outcome: 'text',
  error_code: 'text',
  error_message: 'text',
  stack: 'text',
  cold_start: 'boolean',
  commands: 'jsonb',
  outgoing: 'jsonb',
  input_json: 'beside',
  result_json: 'beside',
  trace: 'text',
  draws: 'text',
} as const).map(([name, type]) => ({ name, type }))

export const invocationNames = INVOCATION_COLUMNS.map(({ name }) => name).join(', ')

/** The values of these columns, as SQL; `row` is a list that begins with the number of its operation. */
export function invocationValues(row: string): string {
  let next = 1
  const values = INVOCATION_COLUMNS.map(({ type }) => {
    const member = next
    next += type === 'beside' ? 2 : 1
    if (type === 'beside') return textAt(row, member)
    if (type === 'jsonb') return `nullif(${row}->${member}, 'null')`
    return type === 'text' ? `${row}->>${member}` : `(${row}->>${member})::${type}`
  })
  return values.join(', ')
}
