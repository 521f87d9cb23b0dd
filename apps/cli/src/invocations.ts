import { call } from '@parley/client'
import { InvocationState, listInvocations, type WholeInvocation } from '@parley/contract'
import { Command, Option } from 'commander'
import { count } from './option-values.ts'
import type { ConnectionOptions } from './connection.ts'
import { findFunctionByName } from './functions.ts'
import { openSession, withServer } from './session/open-session.ts'
import { print, table } from './table.ts'

interface InvocationsOptions extends ConnectionOptions {
  outcome?: InvocationState[]
  conversation?: string
  limit: number
  json?: boolean
}

/** Lists what ran: when, how it ended and where it failed. */
export function invocationsCommand(): Command {
  return withServer(new Command('invocations').description('list what ran, and how it ended'))
    .argument('[function]', 'only those of this function')
    .addOption(
      new Option('--outcome <state...>', 'only what ended so').choices(InvocationState.options),
    )
    .option('--conversation <id>', 'only those of this conversation')
    .option('--limit <count>', 'how many', count, 20)
    .option('--json', 'as JSON, with input, result and outgoing calls')
    .addHelpText(
      'after',
      `
Examples:
  parley invocations hello
  parley invocations --outcome CODING_FAILURE
`,
    )
    .action(async (name: string | undefined, options: InvocationsOptions) => {
      const session = await openSession(options)
      const functionId = name && (await findFunctionByName(session, name)).functionId
      const { outcome, conversation: conversationId, limit } = options
      const query = { functionId, outcome, conversationId, limit }
      const { invocations } = await call(session, listInvocations, { query })
      const headings = ['TIME (UTC)', 'FUNCTION', 'OUTCOME', 'MS', 'ATTEMPT', 'SOURCE', 'ERROR']
      const none = 'Nothing has run\n'
      const rows = invocations.map(rowOf)
      print(options.json, invocations, rows.length > 0 ? table(headings, rows) : none)
    })
}

function rowOf(record: WholeInvocation): string[] {
  const [place] = /index\.[jt]s:\d+:\d+/.exec(record.stack ?? '') ?? []
  const error = [record.errorMessage, place && `(${place})`].filter(Boolean).join(' ')
  return [
    record.startedAt.slice(0, 19).replace('T', ' '),
    record.functionName ?? record.functionId,
    record.outcome,
    record.durationMs.toFixed(0),
    String(record.attempt),
    record.eventId ?? record.source,
    error.replaceAll(/\s+/g, ' ').slice(0, 120),
  ]
}
