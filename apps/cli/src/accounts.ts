import { Command } from 'commander'
import { listCommand } from './accounts/list.ts'
import { makeCommand } from './accounts/make.ts'

/** What the operator of a server does with whole accounts. */
export function accountsCommand(): Command {
  const accounts = new Command('accounts')
    .description('for the operator of a server: make and list its accounts')
    .addHelpText(
      'after',
      `
The server must have been started with the setting PARLEY_OPERATOR_KEY; the commands read the key from the same variable.

Examples:
  parley accounts make shop --admin ada@example.com
  parley accounts list
`,
    )
  for (const command of [makeCommand(), listCommand()]) accounts.addCommand(command)
  return accounts
}
