import { call, type Session } from '@parley/client'
import { listFunctions, listLogs, type LogEntry } from '@parley/contract'
import { Command, Option } from 'commander'
import type { ConnectionOptions } from './connection.ts'
import { findFunctionByName } from './functions.ts'
import { count } from './option-values.ts'
import { logLines } from './log-lines.ts'
import { logKeyOf, openLogStream } from './log-stream.ts'
import { openSession, withServer } from './session/open-session.ts'
import { writeOut } from './visible.ts'

interface LogsOptions extends ConnectionOptions {
  follow?: boolean
  level?: ('Info' | 'Warn' | 'Error')[]
  text?: string
  invocation?: string
  limit: number
  json?: boolean
}

/** Shows what functions log, the newest last. */
export function logsCommand(): Command {
  return withServer(new Command('logs').description('show the log of the functions'))
    .argument('[function]', 'only that of this function')
    .option('-f, --follow', 'go on showing new lines, until Ctrl-C')
    .addOption(
      new Option('--level <level...>', 'only these levels').choices(['Info', 'Warn', 'Error']),
    )
    .option('--text <text>', 'only lines with this text')
    .option('--invocation <id>', 'only lines of this invocation')
    .option('--limit <count>', 'how many of the last day', count, 50)
    .option('--json', 'one JSON object on each line')
    .addHelpText(
      'after',
      `
Examples:
  parley logs --follow
  parley logs hello --level Error
`,
    )
    .action(async (name: string | undefined, options: LogsOptions) => {
      const session = await openSession(options)
      const functionId = name && (await findFunctionByName(session, name)).functionId
      const { level, text, invocation: invocationId } = options
      const filter = { functionId, level, text, invocationId }
      // Who asks for one function knows which it is.
      const nameOf = name === undefined && !options.json ? await functionNames(session) : undefined
      const show = (entry: LogEntry) =>
        writeOut(options.json ? `${JSON.stringify(entry)}\n` : lineOf(entry, nameOf))
      const query = { ...filter, limit: options.limit }
      // The stream is open before the list is read: nothing falls between the two.
      const stream = options.follow ? await openLogStream(session, filter) : undefined
      const { entries } = await call(session, listLogs, { query })
      const shown = new Set(entries.map(logKeyOf))
      for (const entry of entries.toReversed()) show(entry)
      if (!stream) return
      for await (const entry of stream) if (!shown.has(logKeyOf(entry))) show(entry)
      // Who follows is told why it ends: the session may have ended, or the server does not answer.
      await call(session, listLogs, { query })
      throw new Error('The server has ended the connection: follow the log again')
    })
}

/** `function 1a2b3c4d` for one that is gone, or newer than the list. */
export async function functionNames(session: Session): Promise<(functionId: string) => string> {
  const { functions } = await call(session, listFunctions)
  const names = new Map(functions.map(({ functionId, name }) => [functionId, name]))
  return (functionId) => names.get(functionId) ?? `function ${functionId.slice(0, 8)}`
}

function lineOf(entry: LogEntry, nameOf?: (functionId: string) => string): string {
  const message = nameOf ? `${nameOf(entry.functionId)}: ${entry.message}` : entry.message
  const [first = '', ...rest] = logLines({ ...entry, message })
  const at = entry.at.slice(0, 19).replace('T', ' ')
  return [`${at} ${first}`, ...rest.map((line) => `${' '.repeat(20)}${line}`)]
    .join('\n')
    .concat('\n')
}
