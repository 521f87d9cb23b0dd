import { Command } from 'commander'
import { endCommand } from './accounts/end.ts'
import { exportCommand } from './accounts/export.ts'
import { listCommand } from './accounts/list.ts'
import { makeCommand } from './accounts/make.ts'
import { passwordCommand } from './accounts/password.ts'
import { resumeCommand } from './accounts/resume.ts'
import { suspendCommand } from './accounts/suspend.ts'

/** What the operator of a server does with whole accounts. */
export function accountsCommand(): Command {
  const accounts = new Command('accounts')
    .description(
      'for the operator of a server: make, list, suspend, resume, export and end its accounts, and let their administrators in again',
    )
    .addHelpText(
      'after',
      `
The server must have been started with the setting PARLEY_OPERATOR_KEY; the commands read the key from the same variable.

Examples:
  parley accounts make shop --admin ada@example.com
  parley accounts list
  parley accounts suspend shop --reason "unpaid"
  parley accounts resume shop
  parley accounts password shop
  parley accounts export shop --to shop.jsonl
  parley accounts end shop
`,
    )
  const commands = [
    makeCommand(),
    listCommand(),
    suspendCommand(),
    resumeCommand(),
    passwordCommand(),
    exportCommand(),
    endCommand(),
  ]
  for (const command of commands) accounts.addCommand(command)
  return accounts
}
