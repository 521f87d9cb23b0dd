import { call, login } from '@parley/client'
import { allowDomain } from '@parley/contract'
import { Command } from 'commander'
import { type ConnectionOptions, findConnection } from './connection.ts'

/** Lets functions call a domain: what the log of a refused call names. */
export function allowCommand(): Command {
  return new Command('allow')
    .description('let the functions of the account call a domain')
    .argument('<domain>', 'such as api.example.com; a * stands for one label')
    .option('--url <url>', 'address of the server (default: http://127.0.0.1:4800)')
    .option('--data <folder>', 'data directory of the server (default: .parley)')
    .addHelpText('after', '\nExample:\n  parley allow api.example.com\n')
    .action(async (domain: string, options: ConnectionOptions) => {
      const { endpoint, admin } = findConnection(options, process.env)
      const allowed = await call(await login(endpoint, admin), allowDomain, { body: { domain } })
      process.stdout.write(`Functions may call ${allowed.domain} now\n`)
    })
}
