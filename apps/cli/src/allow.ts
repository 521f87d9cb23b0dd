import { call } from '@parley/client'
import { allowDomain } from '@parley/contract'
import { Command } from 'commander'
import type { ConnectionOptions } from './connection.ts'
import { openSession, withServer } from './session/open-session.ts'
import { writeOut } from './visible.ts'

/** Lets functions call a domain: what the log of a refused call names. */
export function allowCommand(): Command {
  return withServer(
    new Command('allow').description('let the functions of the account call a domain'),
  )
    .argument('<domain>', 'such as api.example.com; a * stands for one label')
    .addHelpText('after', '\nExample:\n  parley allow api.example.com\n')
    .action(async (domain: string, options: ConnectionOptions) => {
      const allowed = await call(await openSession(options), allowDomain, { body: { domain } })
      writeOut(`Functions may call ${allowed.domain} now\n`)
    })
}
