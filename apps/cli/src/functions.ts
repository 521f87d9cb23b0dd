import { call, type Session } from '@parley/client'
import { type FunctionSummary, listFunctions } from '@parley/contract'
import { Command } from 'commander'
import type { ConnectionOptions } from './connection.ts'
import { openSession, withServer } from './session/open-session.ts'
import { print, table } from './table.ts'

export function functionsCommand(): Command {
  return withServer(new Command('functions').description('list the functions of the account'))
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  parley functions\n')
    .action(async (options: ConnectionOptions & { json?: boolean }) => {
      const { functions } = await call(await openSession(options), listFunctions)
      const rows = functions.map(({ name, state, version, liveVersion, eventId, updatedAt }) => [
        name,
        state,
        String(version),
        String(liveVersion ?? '-'),
        eventId ?? '-',
        updatedAt.slice(0, 16).replace('T', ' '),
      ])
      const headings = ['NAME', 'STATE', 'VERSION', 'LIVE', 'EVENT', 'UPDATED (UTC)']
      const none = 'There are no functions: parley deploy hello.js makes one\n'
      print(options.json, functions, rows.length > 0 ? table(headings, rows) : none)
    })
}

/** @throws an `Error` that lists the functions that there are */
export async function findFunctionByName(session: Session, name: string): Promise<FunctionSummary> {
  const { functions } = await call(session, listFunctions)
  const found = functions.find((one) => one.name === name || one.functionId === name)
  if (found) return found
  const names = functions.map((one) => one.name).join(', ')
  throw new Error(
    `There is no function "${name}" in account ${session.accountId}. There are: ${names}`,
  )
}
